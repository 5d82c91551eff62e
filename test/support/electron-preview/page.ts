import type { createCodec } from './codec.ts';
import type { askForPermissions } from './page-permissions.ts';

export type PageSettings = {
  readonly base: string;
  readonly preload: string;
  readonly appName: string;
  /** Whether the app's scheme makes a secure context; the loopback address that the browser sees always does. */
  readonly secure: boolean;
  readonly languages: readonly string[];
  readonly process: { readonly platform: string; readonly arch: string; readonly versions: Readonly<Record<string, string>>; readonly argv: readonly string[] };
};

type Preload = (require: (name: string) => unknown, module: { exports: object }, exports: object, process: object) => void;
type Listener = (event: object, ...args: unknown[]) => void;

/**
 * The renderer's side of Electron, in the page, before the page's own scripts.
 * The page gets this function's own text, so it may use nothing from outside itself.
 */
export function runPage(makeCodec: typeof createCodec, guardPermissions: typeof askForPermissions, settings: PageSettings, preload: Preload): void {
  document.currentScript?.remove();
  const codec = makeCodec();
  if (!settings.secure) {
    Object.defineProperty(globalThis, 'isSecureContext', { value: false });
    for (const name of ['caches', 'cookieStore', 'showOpenFilePicker', 'showSaveFilePicker', 'showDirectoryPicker']) Reflect.deleteProperty(globalThis, name);
    for (const name of ['clipboard', 'credentials', 'locks', 'mediaDevices', 'serviceWorker', 'storage', 'wakeLock', 'usb', 'hid', 'serial', 'bluetooth']) Reflect.deleteProperty(Navigator.prototype, name);
    for (const name of ['subtle', 'randomUUID']) Reflect.deleteProperty(Crypto.prototype, name);
  }
  const languages = Object.freeze([...settings.languages]);
  Object.defineProperties(Navigator.prototype, {
    languages: { get: () => languages, configurable: true },
    language: { get: () => languages[0], configurable: true },
  });

  // IPC: one socket; what is sent before it opens waits.
  const socket = new WebSocket(`ws://${location.host}${settings.base}ipc`);
  const waiting: string[] = [];
  const calls = new Map<number, { channel: string; resolve(value: unknown): void; reject(error: Error): void }>();
  const listeners = new Map<string, Listener[]>();
  let lastCall = 0;
  let gone = false;
  const post = (message: object): void => {
    const text = codec.encode({ ...message, url: location.href });
    if (socket.readyState === WebSocket.CONNECTING) waiting.push(text);
    else if (socket.readyState === WebSocket.OPEN) socket.send(text);
  };
  const failure = (channel: string, reason: string) => new Error(`Error invoking remote method '${channel}': ${reason}`);
  socket.addEventListener('open', () => { for (const text of waiting.splice(0)) socket.send(text); });
  socket.addEventListener('close', () => {
    gone = true;
    for (const { channel, reject } of calls.values()) reject(failure(channel, 'the main process is gone'));
    calls.clear();
    setTimeout(() => { if (!leaving) sayClosed(); }, 300);
  });
  let leaving = false;
  addEventListener('pagehide', () => { leaving = true; });
  // Electron's window would be gone; this page stays, and must not look like an app that runs.
  const sayClosed = (): void => {
    const ended = `${settings.appName} has ended`;
    const element = (name: string, text: string, style: Readonly<Record<string, string>>): HTMLElement => {
      const made = document.createElement(name);
      made.textContent = text;
      for (const [property, value] of Object.entries(style)) made.style.setProperty(property, value);
      return made;
    };
    const dialog = element('dialog', '', {
      'border': '0', 'border-radius': '10px', 'padding': '28px', 'max-width': '420px', 'color': '#1d1b16', 'background': '#fff', 'box-shadow': '0 0 0 200vmax rgb(20 18 14 / 75%)', 'font': '15px/1.5 system-ui, sans-serif',
    }) as HTMLDialogElement;
    dialog.append(
      element('h1', ended, { 'margin': '0 0 8px', 'font-size': '20px' }),
      element('p', 'The app behind this page no longer runs, or has closed this window. Nothing you do here has any effect.', { margin: '0 0 8px' }),
      element('p', 'Start it again, and open the address that it prints.', { margin: '0' }),
    );
    dialog.addEventListener('cancel', (event) => event.preventDefault());
    document.body.append(dialog);
    dialog.showModal();
    document.title = ended;
  };
  socket.addEventListener('message', ({ data }) => {
    const message = codec.decode(data as string) as { kind: string; id: number; value?: unknown; error?: string; channel: string; args: unknown[] };
    if (message.kind === 'reply') {
      const call = calls.get(message.id);
      calls.delete(message.id);
      if (message.error === undefined) call?.resolve(message.value);
      else call?.reject(failure(call.channel, message.error));
    } else if (message.kind === 'reload') {
      mainReloads = true;
      location.reload();
    } else if (message.kind === 'edit') edit(message.channel, String(message.args[0] ?? ''));
    else for (const listener of listeners.get(message.channel) ?? []) listener({ sender: ipcRenderer, ports: [] }, ...message.args);
  });
  // What a menu's role does with the text. A page may not read the browser's clipboard, so what to paste comes along.
  const edit = (role: string, text: string): void => {
    if (role === 'copy' || role === 'cut') post({ kind: 'copied', text: selectedText(document.activeElement) });
    document.execCommand(role === 'paste' ? 'insertText' : role, false, role === 'paste' ? text : undefined);
  };
  post({ kind: 'hello' });
  addEventListener('load', () => post({ kind: 'load' }));
  new PerformanceObserver((seen, observer) => {
    if (seen.getEntriesByName('first-contentful-paint').length === 0) return;
    observer.disconnect();
    post({ kind: 'paint' });
  }).observe({ type: 'paint', buffered: true });

  // Methods on a prototype: exposed whole, ipcRenderer crosses the context bridge as an empty object, as in Electron.
  const ipcRenderer = Object.create({
    invoke: (channel: string, ...args: unknown[]) => new Promise((resolve, reject) => {
      if (gone) { reject(failure(channel, 'the main process is gone')); return; }
      const id = ++lastCall;
      post({ kind: 'invoke', id, channel, args });
      calls.set(id, { channel, resolve, reject });
    }),
    send: (channel: string, ...args: unknown[]) => post({ kind: 'send', channel, args }),
    on(channel: string, listener: Listener) { listeners.set(channel, [...(listeners.get(channel) ?? []), listener]); return ipcRenderer; },
    once(channel: string, listener: Listener) {
      const one: Listener = (event, ...args) => { ipcRenderer.off(channel, one); listener(event, ...args); };
      return ipcRenderer.on(channel, one);
    },
    off(channel: string, listener: Listener) {
      const left = [...(listeners.get(channel) ?? [])];
      const at = left.lastIndexOf(listener);
      if (at >= 0) left.splice(at, 1);
      listeners.set(channel, left);
      return ipcRenderer;
    },
    removeListener: (channel: string, listener: Listener) => ipcRenderer.off(channel, listener),
  });

  // The context bridge: values are copied, functions and promises proxied, prototypes dropped, the API frozen.
  const originals = new WeakMap<object, unknown>();
  const isPlain = (value: object) => { const prototype: unknown = Object.getPrototypeOf(value); return prototype === Object.prototype || prototype === null; };
  const crossing = <T>(run: () => T): T => { try { return run(); } catch (error) { throw cross(error); } };
  const cross = (value: unknown, frozen = false, seen = new Map<unknown, unknown>()): unknown => {
    if (typeof value === 'symbol') return undefined;
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return value;
    if (originals.has(value)) return originals.get(value);
    if (seen.has(value)) return seen.get(value);
    if (typeof value === 'function') {
      const original = value as (...args: unknown[]) => unknown;
      const proxy = (...args: unknown[]) => crossing(() => cross(original(...args.map((arg) => cross(arg)))));
      originals.set(proxy, original);
      seen.set(value, proxy);
      return frozen ? Object.freeze(proxy) : proxy;
    }
    if (value instanceof Promise) return value.then((result) => cross(result), (error: unknown) => { throw cross(error); });
    if (value instanceof Error) return Object.defineProperty(new Error(value.message), 'stack', { value: value.stack, configurable: true });
    if (value instanceof Node) return value;
    if (!Array.isArray(value) && !isPlain(value)) return structuredClone(value);
    const copy: unknown[] | Record<string, unknown> = Array.isArray(value) ? [] : {};
    seen.set(value, copy);
    for (const [name, member] of Object.entries(value)) {
      if (typeof member !== 'symbol') Object.defineProperty(copy, name, { value: cross(member, frozen, seen), enumerable: true, writable: true, configurable: true });
    }
    return frozen ? Object.freeze(copy) : copy;
  };
  const contextBridge = {
    exposeInMainWorld(name: string, api: unknown) {
      if (Object.hasOwn(window, name)) throw new Error('Cannot bind an API on top of an existing property on the window object');
      Object.defineProperty(window, name, { value: cross(api, true), enumerable: true });
    },
  };

  // Navigation and new windows: main decides before the page goes on, as in Electron, hence the synchronous question.
  const ask = (question: object): boolean => {
    const request = new XMLHttpRequest();
    request.open('POST', `${settings.base}ask`, false);
    try {
      request.send(JSON.stringify({ ...question, from: location.href }));
      return request.status === 200 && (JSON.parse(request.responseText) as { allow?: unknown }).allow === true;
    } catch { return false; }
  };
  let mainReloads = false;
  (globalThis as { navigation?: Navigation }).navigation?.addEventListener('navigate', (event) => {
    if (!event.cancelable || event.hashChange || event.destination.sameDocument) return;
    const { url } = event.destination;
    if (event.downloadRequest !== null) { if (!ask({ kind: 'download', url, filename: event.downloadRequest })) event.preventDefault(); }
    else if (event.navigationType !== 'traverse' && !mainReloads && !ask({ kind: 'navigate', url })) event.preventDefault();
  });
  const nativeOpen = window.open.bind(window);
  window.open = (url = '', name = '', features = '') => {
    const resolved = String(url) === '' ? 'about:blank' : new URL(url, document.baseURI).href;
    return ask({ kind: 'open', url: resolved, frameName: name, features, disposition: 'new-window' }) ? nativeOpen(url, name, features) : null;
  };
  const clicked = (event: MouseEvent): void => {
    const link = event.composedPath().find((target): target is HTMLAnchorElement => target instanceof HTMLAnchorElement && target.href !== '');
    if (link === undefined || event.defaultPrevented || link.hasAttribute('download')) return;
    const background = event.button === 1 || event.ctrlKey || event.metaKey;
    const elsewhere = link.target !== '' && !['_self', '_top', '_parent'].includes(link.target);
    if (!background && !elsewhere && !(event.button === 0 && event.shiftKey)) return;
    if (event.type === 'auxclick' && event.button !== 1) return;
    const disposition = background ? 'background-tab' : event.shiftKey ? 'new-window' : 'foreground-tab';
    if (!ask({ kind: 'open', url: link.href, frameName: elsewhere ? link.target : '', features: '', disposition })) event.preventDefault();
  };
  addEventListener('click', clicked);
  addEventListener('auxclick', clicked);

  // What main hears of a right click or the menu key, after the page has let it pass. The browser's own menu shows beside it.
  const selectedText = (target: unknown): string => {
    const isText = target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && target.selectionStart !== null);
    return isText ? target.value.slice(target.selectionStart ?? 0, target.selectionEnd ?? 0) : String(getSelection() ?? '');
  };
  let pointer = '';
  addEventListener('pointerdown', ({ pointerType }) => { pointer = pointerType; }, true);
  addEventListener('keydown', () => { pointer = 'keyboard'; }, true);
  addEventListener('contextmenu', (event) => {
    if (event.defaultPrevented) return;
    const [target] = event.composedPath();
    const link = event.composedPath().find((one): one is HTMLAnchorElement => one instanceof HTMLAnchorElement && one.href !== '');
    const field = target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement ? target : null;
    const isEditable = field === null ? target instanceof HTMLElement && target.isContentEditable : !field.readOnly && !field.disabled && (field instanceof HTMLTextAreaElement || field.selectionStart !== null || field.type === 'email');
    const isPassword = field?.type === 'password';
    const selectionText = selectedText(target);
    const can = (command: string): boolean => isEditable && document.queryCommandEnabled(command);
    const canCopy = selectionText !== '' && !isPassword;
    post({
      kind: 'context-menu',
      params: {
        x: Math.round(event.clientX), y: Math.round(event.clientY), linkURL: link?.href ?? '', linkText: link?.textContent ?? '', isEditable, selectionText: isPassword ? '' : selectionText,
        formControlType: field === null ? 'none' : field instanceof HTMLTextAreaElement ? 'text-area' : `input-${field.type}`,
        menuSourceType: pointer === 'keyboard' ? 'keyboard' : pointer === 'touch' ? 'touch' : 'mouse',
        editFlags: { canUndo: can('undo'), canRedo: can('redo'), canCut: isEditable && canCopy, canCopy, canPaste: isEditable, canDelete: isEditable && selectionText !== '', canSelectAll: true, canEditRichly: false },
      },
    });
  });

  // Keys with a modifier, and the wheel's wish to zoom. Main hears of them when the page has them already.
  for (const type of ['keydown', 'keyup'] as const) {
    addEventListener(type, ({ key, code, repeat, isComposing, shiftKey: shift, ctrlKey: control, altKey: alt, metaKey: meta, location: place }) => {
      if (control || alt || meta) post({ kind: 'input', input: { type: type === 'keydown' ? 'keyDown' : 'keyUp', key, code, isAutoRepeat: repeat, isComposing, shift, control, alt, meta, location: place } });
    }, true);
  }
  addEventListener('wheel', (event) => { if (event.ctrlKey && event.deltaY !== 0) post({ kind: 'zoom', direction: event.deltaY < 0 ? 'in' : 'out' }); }, { passive: true });

  const nativeFetch = globalThis.fetch.bind(globalThis);
  guardPermissions(async (how, permission, mediaTypes) => {
    try {
      const answer = await nativeFetch(`${settings.base}permission`, { method: 'POST', body: JSON.stringify({ how, permission, mediaTypes }) });
      return answer.ok && (await answer.json() as { readonly granted?: unknown }).granted === true;
    } catch { return false; }
  });

  const electron = { contextBridge, ipcRenderer, webUtils: { getPathForFile: () => '' } };
  const requireInSandbox = (name: string): unknown => {
    if (name === 'electron' || name === 'electron/renderer') return electron;
    throw new Error(`module not found: ${name}`);
  };
  const module = { exports: {} };
  const sandboxed = { ...settings.process, type: 'renderer', sandboxed: true, contextIsolated: true, env: {} };
  try { preload(requireInSandbox, module, module.exports, sandboxed); } catch (error) {
    console.error(`Unable to load preload script: ${settings.preload}`, error);
  }
}
