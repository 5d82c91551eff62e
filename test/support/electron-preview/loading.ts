import type { EventEmitter } from 'node:events';
import { createEvent } from './event.ts';

/** Chromium's number and name of a fault, such as -2 and `ERR_FAILED`. */
export type NetError = { readonly code: number; readonly name: string };

export const netErrors = {
  failed: { code: -2, name: 'ERR_FAILED' },
  aborted: { code: -3, name: 'ERR_ABORTED' },
  unexpected: { code: -9, name: 'ERR_UNEXPECTED' },
  blocked: { code: -20, name: 'ERR_BLOCKED_BY_CLIENT' },
  unknownScheme: { code: -302, name: 'ERR_UNKNOWN_URL_SCHEME' },
} as const satisfies Record<string, NetError>;

/**
 * What `loadURL` waits for: the page has loaded in a browser, or failed, or another load took its place. A rejection that
 * nobody takes is not an unhandled one. electron/lib/browser/api/web-contents.ts, `_awaitNextLoad`.
 */
export function createLoading(events: EventEmitter) {
  let pending: (PromiseWithResolvers<void> & { readonly url: string }) | null = null;

  function settle(error: NetError | null): void {
    const load = pending;
    pending = null;
    if (load === null) return;
    if (error === null) load.resolve();
    else load.reject(Object.assign(new Error(`${error.name} (${error.code}) loading '${load.url}'`), { errno: error.code, code: error.name, url: load.url }));
  }

  return {
    begin(url: string): Promise<void> {
      settle(netErrors.aborted);
      pending = { ...Promise.withResolvers<void>(), url };
      pending.promise.catch(() => undefined);
      return pending.promise;
    },
    finished(): void {
      events.emit('did-finish-load', createEvent());
      settle(null);
    },
    failed(error: NetError, url: string): void {
      events.emit('did-fail-load', createEvent(), error.code, error.name, url, true, 0, 0);
      settle(error);
    },
    /** The window went before the page came. */
    ended: (): void => settle(netErrors.failed),
  };
}
