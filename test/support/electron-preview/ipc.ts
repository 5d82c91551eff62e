import { EventEmitter } from 'node:events';
import type { IpcMain, IpcMainInvokeEvent } from 'electron';
import { createEvent } from './event.ts';
import type { Page } from './server.ts';

/** A frame as far as `event.senderFrame` needs it. Every page of the stand-in is a main frame. */
export type Frame = {
  readonly origin: string;
  readonly url: string;
  readonly frameTreeNodeId: number;
  readonly routingId: number;
  readonly processId: number;
  readonly parent: null;
  readonly top: Frame;
  readonly detached: boolean;
  isDestroyed(): boolean;
};

export type Sender = { readonly page: Page; readonly frame: Frame; readonly contents: object };

type Handler = Parameters<IpcMain['handle']>[1];

const handlers = new Map<string, Handler>();

function eventOf({ page, frame, contents }: Sender): IpcMainInvokeEvent {
  return createEvent({
    type: 'frame', sender: contents, get senderFrame() { return frame.detached ? null : frame; }, frameId: page.frameId, processId: frame.processId, ports: [],
    reply: (channel: string, ...args: unknown[]) => sendTo(page.post, channel, args),
  }) as unknown as IpcMainInvokeEvent;
}

/** electron/lib/browser/api/web-frame-main.ts: what cannot be cloned is printed and not sent. */
export function sendTo(post: (message: object) => void, channel: string, args: readonly unknown[]): void {
  if (typeof channel !== 'string') throw new TypeError('Missing required channel argument');
  try {
    post({ kind: 'send', channel, args });
  } catch {
    console.error('Error sending from webFrameMain: ', new Error('Failed to serialize arguments'));
  }
}

function handle(channel: string, handler: Handler): void {
  if (handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
  if (typeof handler !== 'function') throw new TypeError(`Expected handler to be a function, but found type '${typeof handler}'`);
  handlers.set(channel, handler);
}

export const ipcMain = Object.assign(new EventEmitter(), {
  handle,
  handleOnce: (channel, handler) => handle(channel, (event, ...args) => {
    handlers.delete(channel);
    return handler(event, ...args);
  }),
  removeHandler: (channel) => { handlers.delete(channel); },
} satisfies Pick<IpcMain, 'handle' | 'handleOnce' | 'removeHandler'>);

// A page that sends on a channel named error must not end the app.
ipcMain.on('error', () => undefined);

export function receiveSend(sender: Sender, channel: string, args: readonly unknown[]): void {
  ipcMain.emit(channel, eventOf(sender), ...args);
}

/** Runs the handler of an invoke and posts its answer; an error crosses as its text only, as in Electron. */
export async function receiveInvoke(sender: Sender, id: number, channel: string, args: readonly unknown[]): Promise<void> {
  const reply = (answer: object): void => sender.page.post({ kind: 'reply', id, ...answer });
  const handler = handlers.get(channel);
  try {
    if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
    reply({ value: await handler(eventOf(sender), ...args) });
  } catch (error) {
    console.error(`Error occurred in handler for '${channel}':`, error);
    reply({ error: String(error) });
  }
}
