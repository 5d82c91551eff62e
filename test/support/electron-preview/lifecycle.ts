import { EventEmitter } from 'node:events';
import { createEvent } from './event.ts';

type Closable = { close(): void; destroy(): void };

/** Readiness, open windows and the order of quitting: what `app` and the windows both need. */
export type Lifecycle = ReturnType<typeof createLifecycle>;

// Kept from before `process.exit` becomes the app's own.
const leave = process.exit.bind(process);

/** electron/shell/browser/browser.cc and window_list.cc. */
function createLifecycle() {
  const events = new EventEmitter();
  const open = new Set<Closable>();
  let ready = false;
  let quitting = false;
  let exiting = false;

  function quit(): void {
    if (quitting || exiting) return;
    const event = createEvent();
    events.emit('before-quit', event);
    quitting = !event.defaultPrevented;
    if (!quitting) return;
    if (open.size === 0) shutDown();
    // One that refuses ends the quitting, and the others are closed all the same.
    else for (const window of open) window.close();
  }

  function shutDown(): void {
    const event = createEvent();
    events.emit('will-quit', event);
    if (event.defaultPrevented) quitting = false;
    else end(0);
  }

  function exit(code = 0): void {
    if (exiting) return;
    // Nothing runs yet that could be ended in order, and nobody is told.
    if (!ready) leave(code);
    end(code);
  }

  function end(code: number): void {
    exiting = true;
    for (const window of open) window.destroy();
    events.emit('quit', createEvent(), code);
    // What follows the call in the same turn still runs. An app that quits before it is ready becomes ready all the same.
    const go = (): void => { setImmediate(() => leave(code)); };
    if (ready) go();
    else events.once('ready', go);
  }

  return {
    events, quit, exit,
    isReady: () => ready,
    isQuitting: () => quitting || exiting,
    markReady(): void {
      ready = true;
      events.emit('ready', createEvent(), {});
    },
    opened(window: Closable): void { open.add(window); },
    closeRefused(): void { quitting = false; },
    closed(window: Closable): void {
      open.delete(window);
      if (open.size > 0 || exiting) return;
      if (quitting) shutDown();
      else if (events.listenerCount('window-all-closed') > 0) events.emit('window-all-closed');
      else quit();
    },
  };
}

export const lifecycle = createLifecycle();
