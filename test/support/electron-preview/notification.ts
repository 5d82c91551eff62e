import { EventEmitter } from 'node:events';
import type { Notification as ElectronNotification, NotificationConstructorOptions } from 'electron';
import { createEvent } from './event.ts';
import { lifecycle } from './lifecycle.ts';

type Members = Pick<ElectronNotification, 'title' | 'body' | 'show' | 'close'>;

const shown: Notification[] = [];

/** A notification that is kept for the control channel instead of being shown. */
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
    shown.push(this);
    this.emit('show', createEvent());
  }
  close(): void {
    const place = shown.indexOf(this);
    if (place !== -1) shown.splice(place, 1);
    this.emit('close', createEvent());
  }
}

export const getShownNotifications = (): readonly Notification[] => shown;
