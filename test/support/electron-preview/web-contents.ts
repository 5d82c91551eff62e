import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type { HandlerDetails, WebPreferences, WindowOpenHandlerResponse } from 'electron';
import { app } from './app.ts';
import { clipboard } from './desktop.ts';
import { throwWhenDestroyed } from './destroyed.ts';
import { createDownload } from './download.ts';
import { createEvent } from './event.ts';
import { applicationLocale, preferredLanguages } from './languages.ts';
import { receiveInvoke, receiveSend, sendTo, type Frame } from './ipc.ts';
import { createLoading, netErrors, type NetError } from './loading.ts';
import { pageScript, type PageSettings } from './page.ts';
import { platform } from './platform.ts';
import { createPageServer, type Page, type PageHost, type Question } from './server.ts';
import { privilegesOf, session as sessions, type Session } from './session.ts';

/** What `navigator.languages` says: the application's locale, then the system's languages. electron/shell/browser/api/electron_api_web_contents.cc, "accept_languages" */
const pageLanguages = (): readonly string[] => {
  const languages = preferredLanguages(process.env);
  return [...new Set([applicationLocale(languages), ...languages])];
};

type OpenHandler = (details: HandlerDetails) => WindowOpenHandlerResponse;

/** What a window shows: pages at its own loopback address, served by the app's protocol handler. */
export type WebContents = ReturnType<typeof createWebContents>;

/** `onAddress`: the page can be opened from now on. */
export function createWebContents(id: number, port: number, preferences: WebPreferences, onAddress: () => void) {
  if (preferences.nodeIntegration === true || preferences.contextIsolation === false || preferences.sandbox === false) {
    throw new Error('The stand-in shows sandboxed, context-isolated pages without Node only');
  }
  const events = new EventEmitter();
  const session = (preferences.session as unknown as Session | undefined) ?? sessions.fromPartition(preferences.partition ?? '');
  const pages = new Map<Page, Frame>();
  const loading = createLoading(events);
  let loaded: URL | null = null;
  let openHandler: OpenHandler | null = null;
  let destroyed = false;

  const appOrigin = (): string => loaded === null ? 'null' : `${loaded.protocol}//${loaded.host}`;
  const currentPage = (): Page | undefined => [...pages.keys()].at(-1);

  function frameOf(page: Page | null): Frame {
    const frame: Frame = {
      get origin() { return appOrigin(); },
      get url() { return page?.url() ?? loaded?.href ?? ''; },
      frameTreeNodeId: page?.frameId ?? 0, routingId: page?.frameId ?? 0, processId: id, parent: null,
      get top() { return frame; },
      get detached() { return page !== null && !pages.has(page); },
      isDestroyed: () => destroyed || (page !== null && !pages.has(page)),
    };
    return frame;
  }
  const emptyFrame = frameOf(null);
  const mainFrame = (): Frame => pages.get(currentPage() as Page) ?? emptyFrame;

  function allows(question: Question): boolean {
    if (question.kind === 'open') {
      const { kind: _, ...details } = question;
      return openHandler === null || openHandler({ ...details, referrer: { url: mainFrame().url, policy: 'strict-origin-when-cross-origin' } }).action === 'allow';
    }
    if (question.kind === 'navigate') {
      // In Electron's order, and the second only when the first was not prevented (shell/browser/electron_navigation_throttle.cc).
      return ['will-frame-navigate', 'will-navigate'].every((name) => {
        const event = createEvent({ url: question.url, isSameDocument: false, isMainFrame: true, frame: mainFrame(), initiator: mainFrame() });
        events.emit(name, event, question.url, false, true, id, mainFrame().routingId);
        return !event.defaultPrevented;
      });
    }
    const download = createDownload(question.url, question.filename, app.getPath('downloads'));
    const event = createEvent();
    session.emit('will-download', event, download.item, contents, mainFrame());
    return !event.defaultPrevented && download.begin();
  }

  function scriptOf(base: string): string {
    const settings: PageSettings = {
      base, preload: preferences.preload ?? '', appName: app.name, secure: privilegesOf(appOrigin().split(':')[0] ?? '').secure === true, languages: pageLanguages(),
      process: { platform, arch: process.arch, versions: { electron: process.versions['electron'] ?? '', node: process.versions.node }, argv: preferences.additionalArguments ?? [] },
    };
    return pageScript(settings, preferences.preload === undefined ? '' : readFileSync(preferences.preload, 'utf8'));
  }

  const host: PageHost = {
    appOrigin, allows, pageScript: scriptOf,
    respond: (request, resourceType) => session.respond(request, resourceType, id),
    permits: (question) => session.permits(question, contents, mainFrame()),
    failed: (error) => { if (!destroyed) loading.failed(error, mainFrame().url); },
    arrived(page) {
      pages.set(page, frameOf(page));
      // electron/docs/api/web-contents.md, "Event: 'did-navigate'": a new document, and not another place in the same one.
      events.emit('did-navigate', createEvent(), page.url(), 200, 'OK');
    },
    left(page) { pages.delete(page); },
    received(page, message) {
      const sender = { page, frame: pages.get(page) ?? frameOf(page), contents };
      if (message.kind === 'load') loading.finished();
      // After the first layout with something in it (electron/shell/browser/api/electron_api_web_contents.cc, OnFirstNonEmptyLayout).
      else if (message.kind === 'paint') events.emit('ready-to-show');
      else if (message.kind === 'context-menu') events.emit('context-menu', createEvent(), { frame: sender.frame, pageURL: page.url(), frameURL: page.url(), srcURL: '', mediaType: 'none', misspelledWord: '', ...message.params });
      else if (message.kind === 'input') events.emit('before-input-event', createEvent(), message.input);
      else if (message.kind === 'zoom') events.emit('zoom-changed', createEvent(), message.direction);
      else if (message.kind === 'copied') clipboard.writeText(message.text);
      else if (message.kind === 'send') receiveSend(sender, message.channel, message.args);
      else void receiveInvoke(sender, message.id, message.channel, message.args);
    },
  };
  const server = createPageServer(port, host);
  server.listening.catch((error: unknown) => console.error('electron-preview:', error));
  const post = (message: object): void => { for (const page of pages.keys()) page.post(message); };

  const edit = (role: string, text = ''): void => currentPage()?.post({ kind: 'edit', channel: role, args: [text] });

  const contents = Object.assign(events, {
    id, session,
    get mainFrame(): Frame { return mainFrame(); },
    send: (channel: string, ...args: unknown[]): void => sendTo(post, channel, args),
    reload: (): void => post({ kind: 'reload' }),
    getURL: (): string => mainFrame().url,
    isDestroyed: (): boolean => destroyed,
    setWindowOpenHandler(handler: OpenHandler): void { openHandler = handler; },
    // Of the host and not of the window, and kept; a page that was never loaded has none. The browser's picture stays as it is.
    getZoomLevel: (): number => loaded === null ? 0 : session.zoomLevels.get(loaded.host),
    setZoomLevel: (level: number): void => { if (loaded !== null) session.zoomLevels.set(loaded.host, level); },
    getZoomFactor: (): number => 1.2 ** contents.getZoomLevel(),
    setZoomFactor: (factor: number): void => {
      if (!(factor >= Number.EPSILON)) throw new Error("'zoomFactor' must be a double greater than 0.0");
      contents.setZoomLevel(Math.log(factor) / Math.log(1.2));
    },
    openDevTools: (): void => undefined,
    undo: (): void => edit('undo'), redo: (): void => edit('redo'), cut: (): void => edit('cut'), copy: (): void => edit('copy'), selectAll: (): void => edit('selectAll'),
    paste: (): void => edit('paste', clipboard.readText()),

    /** Settles when a browser has loaded the page, or it failed: as long as nobody opens the address, it loads. */
    loadURL(url: string): Promise<void> {
      const load = loading.begin(url);
      const wanted = URL.parse(url);
      const scheme = wanted?.protocol.slice(0, -1) ?? '';
      if (wanted === null || session.protocol.handlerOf(scheme) === undefined || privilegesOf(scheme).standard !== true) {
        setImmediate(() => loading.failed(netErrors.unknownScheme, url));
        return load;
      }
      loaded = wanted;
      post({ kind: 'reload' });
      void server.listening.then(onAddress, () => undefined);
      return load;
    },
    /** Not of Electron's API: the page's process dies. The browser's tab stays, and is loaded anew with the next load. */
    crash: (reason: string): void => { events.emit('render-process-gone', createEvent(), { reason, exitCode: 1 }); },
    /** Not of Electron's API: ends the load that is under way. */
    failLoad: (error: NetError): void => loading.failed(error, loaded?.href ?? ''),

    /** Not of Electron's API: an address of this window with a new one-time token. */
    async freshUrl(): Promise<string> {
      await server.listening;
      return server.address(loaded === null ? '/' : `${loaded.pathname || '/'}${loaded.search}${loaded.hash}`);
    },
    pageCount: (): number => pages.size,
    destroy(): void {
      if (destroyed) return;
      destroyed = true;
      server.close();
      loading.ended();
      events.emit('destroyed');
    },
  });
  // Object.assign reads a getter once, so the live one is put in its place.
  Object.defineProperty(contents, 'mainFrame', { get: mainFrame, enumerable: true, configurable: true });
  // Its id and the handler of new windows are JavaScript's own (electron/lib/browser/api/web-contents.ts).
  throwWhenDestroyed(contents, ['id', 'setWindowOpenHandler', ...(Object.keys(new EventEmitter()) as (keyof EventEmitter)[])]);
  return contents;
}
