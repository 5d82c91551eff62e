import { createCodec } from './codec.ts';
import { createContextBridge } from './page-bridge.ts';
import { sayEnded } from './page-ended.ts';
import { reportInput } from './page-input.ts';
import { askForPermissions } from './page-permissions.ts';

const pageParts = { createCodec, createContextBridge, sayEnded, reportInput, askForPermissions };
type PageParts = typeof pageParts;

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
 * The page gets this function's own text and that of its parts, so it may use nothing else from outside itself.
 */
export function runPage(parts: PageParts, settings: PageSettings, preload: Preload): void {
  document.currentScript?.remove();
  const codec = parts.createCodec();
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
    setTimeout(() => { if (!leaving) parts.sayEnded(settings.appName); }, 300);
  });
  let leaving = false;
  addEventListener('pagehide', () => { leaving = true; });
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
    } else if (message.kind === 'edit') editText(message.channel, String(message.args[0] ?? ''));
    else for (const listener of listeners.get(message.channel) ?? []) listener({ sender: ipcRenderer, ports: [] }, ...message.args);
  });
  const editText = parts.reportInput(post);
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

  const contextBridge = parts.createContextBridge();

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

  const nativeFetch = globalThis.fetch.bind(globalThis);
  parts.askForPermissions(async (how, permission, mediaTypes) => {
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

/** The script that a page runs first. The preload script is unchanged between two lines of ours. */
export function pageScript(settings: PageSettings, preload: string): string {
  const parts = Object.entries(pageParts).map(([name, part]) => `${name}: ${part}`).join(',\n');
  return `(${runPage})({${parts}}, ${JSON.stringify(settings).replaceAll('<', '\\u003c')}, function (require, module, exports, process) {\n${preload}\n});\n`;
}
