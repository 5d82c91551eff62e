import { app, type Session } from 'electron';
import { appOrigin, appStart } from './app-address.ts';

/** What every page is denied, also one that we never meant to open. Before the first window. */
export const hardenContents = (openLink: (address: string) => void): void => {
  app.on('web-contents-created', (_created, contents) => {
    // SECURITY: checklist 13, "Disable or limit navigation": a page is loaded by main and never leaves; it may load itself again.
    // A reload by the page asks both (electron/shell/browser/electron_navigation_throttle.cc), the second once the first lets it through.
    const unlessReload = (event: Navigation & { readonly preventDefault: () => void }): void => {
      if (!isReload(event)) event.preventDefault();
    };
    contents.on('will-frame-navigate', unlessReload);
    contents.on('will-navigate', unlessReload);
    contents.on('will-redirect', (event) => event.preventDefault());
    // SECURITY: checklist 12, "Verify WebView options before creation": there are none.
    contents.on('will-attach-webview', (event) => event.preventDefault());
    // SECURITY: checklist 14, "Disable or limit creation of new windows": a link of the list opens in the browser, none in the app.
    contents.setWindowOpenHandler(({ url }) => {
      openLink(url);
      return { action: 'deny' };
    });
  });
};

type Navigation = { readonly url: string; readonly isMainFrame: boolean; readonly initiator?: { readonly parent: unknown } | null | undefined };

/** Our page, in the window's own frame and by itself, at the address that main gave it, wherever in the page the person is. */
export const isReload = ({ url, isMainFrame, initiator }: Navigation): boolean =>
  isMainFrame && (initiator === null || initiator === undefined || initiator.parent === null) && url.replace(/#.*$/s, '') === appStart;

/** Before the first window: the renderer has neither permissions nor a network. */
export const hardenSession = (session: Session, options: { readonly devTools: boolean }): void => {
  // SECURITY: checklist 5, "Handle session permission requests from remote content": nothing is granted, asked or checked.
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  // SECURITY: checklist 1, "Only load secure content", to its end: only our own files; the network is main's alone.
  session.webRequest.onBeforeRequest((request, answer) => answer({ cancel: !isAllowedRequest(request.url, options.devTools) }));
  // A file that the page made itself is saved where the person says; nothing else is.
  session.on('will-download', (event, item) => {
    if (!item.getURL().startsWith(`blob:${appOrigin}/`)) event.preventDefault();
  });
};

/** `blob:` of our own origin is how the page hands a file to be saved; it never touches the network. */
export const isAllowedRequest = (url: string, devTools: boolean): boolean =>
  url.startsWith(`${appOrigin}/`) || url.startsWith(`blob:${appOrigin}/`) || url.startsWith('data:image/') || (devTools && url.startsWith('devtools://'));
