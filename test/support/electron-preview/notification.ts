import { EventEmitter } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Notification as ElectronNotification, NotificationConstructorOptions } from 'electron';
import { createEvent } from './event.ts';
import { lifecycle } from './lifecycle.ts';

type Members = Pick<ElectronNotification, 'title' | 'body' | 'show' | 'close'>;
/** What the desktop shows. It does not hold the app's object: that one's end takes the click away and leaves the message. */
type Shown = { readonly title: string; readonly body: string; readonly object: WeakRef<Notification> };

const shown: Shown[] = [];
const takeAway = (place: number): Shown => {
  const one = shown.splice(place, 1)[0];
  if (one === undefined) throw new Error('There is no such notification');
  return one;
};

/**
 * A notification that only the control channel sees. Like Electron's it is collected when the app holds it no longer, and then
 * hears of nothing. electron/shell/browser/api/electron_api_notification.cc, `Notification::~Notification`; docs/api/notification.md.
 */
export class Notification extends EventEmitter implements Members {
  title: string;
  body: string;

  constructor(options: NotificationConstructorOptions = {}) {
    super();
    if (!lifecycle.isReady()) throw new Error('Cannot create Notification before app is ready');
    this.title = options.title ?? '';
    this.body = options.body ?? '';
  }

  static isSupported(): boolean { return true; }

  show(): void {
    this.#end();
    shown.push({ title: this.title, body: this.body, object: new WeakRef(this) });
    this.emit('show', createEvent());
  }
  close(): void {
    if (this.#end()) this.emit('close', createEvent());
  }

  #end(): boolean {
    const place = shown.findIndex(({ object }) => object.deref() === this);
    if (place !== -1) takeAway(place);
    return place !== -1;
  }
}

export const getShownNotifications = (): readonly Shown[] => shown;

/** A click takes the message away, whether or not anybody is there to hear of it. */
export const clickShown = (place: number): void => void takeAway(place).object.deref()?.emit('click', createEvent());

/** On Windows one whose time is over moves to the notification centre, where it can be clicked still. electron/docs/api/notification.md, "Event: 'close'" */
export function closeShown(place: number, reason?: 'userCanceled' | 'applicationHidden' | 'timedOut'): void {
  const one = reason === 'timedOut' ? shown.at(place) : takeAway(place);
  one?.object.deref()?.emit('close', createEvent(reason === undefined ? {} : { reason }));
}

/** As an unsigned program on macOS is answered. electron/docs/api/notification.md, "Event: 'failed'" */
export const failShown = (place: number, error: string): void => void takeAway(place).object.deref()?.emit('failed', createEvent(), error);

/** Collects what nobody holds. */
export async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // What was looked at in this turn is held until its end.
  for (let round = 0; round < 2; round += 1) {
    await new Promise((resolve) => { setImmediate(resolve); });
    collect();
  }
}
