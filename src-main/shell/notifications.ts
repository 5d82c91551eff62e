import { Notification } from 'electron';
import type { Log } from './log.ts';

/** Shows a message; gives what takes it away again. */
export type Notify = (text: { readonly title: string; readonly body: string }, onClick: () => void) => () => void;

/** More than any system keeps of one app: Windows keeps 20, and not every end is told (electron/docs/api/notification.md, "Event: 'close'"). */
const most = 100;

/**
 * Each message is held until it is clicked, closed or failed: an object that nobody holds is collected, and the click on its
 * message does nothing (electron/shell/browser/api/electron_api_notification.cc, `Notification::~Notification`).
 */
export const createNotify = (log: Log): Notify => {
  const held = new Set<Notification>();
  const hold = (notification: Notification): void => {
    held.add(notification);
    const [oldest] = held;
    if (held.size > most && oldest !== undefined) held.delete(oldest);
  };

  return (text, onClick) => {
    if (!Notification.isSupported()) return () => undefined;
    const notification = new Notification(text);
    const letGo = (): void => void held.delete(notification);
    hold(notification);
    notification.on('click', () => {
      letGo();
      onClick();
    });
    // On Windows a banner whose time is over goes on in the notification centre, and can be clicked there for days.
    notification.on('close', ({ reason }) => {
      if (reason !== 'timedOut') letGo();
    });
    notification.on('failed', (_event, error) => {
      letGo();
      log('notification.failed', { error });
    });
    notification.show();
    return () => {
      letGo();
      notification.close();
    };
  };
};
