import { EventEmitter } from 'node:events';
import type { BrowserWindow as ElectronWindow, BrowserWindowConstructorOptions, Rectangle } from 'electron';
import { createEvent } from './event.ts';
import { lifecycle } from './lifecycle.ts';
import { createWebContents, type WebContents } from './web-contents.ts';

type Methods = Pick<ElectronWindow, 'id' | 'loadURL' | 'show' | 'hide' | 'focus' | 'minimize' | 'restore' | 'close' | 'destroy' | 'isDestroyed' | 'isVisible' | 'isMinimized' | 'isFocused'
  | 'setTitle' | 'getTitle' | 'setMenuBarVisibility' | 'setBackgroundColor' | 'getNormalBounds' | 'isMaximized' | 'maximize' | 'unmaximize'>;

const windows = new Map<number, BrowserWindow>();
let lastId = 0;
let focused: BrowserWindow | null = null;
const focusOn = (window: BrowserWindow): void => { focused = window; };

/** Says that a window can be looked at, once for each window. */
export const announcements = new EventEmitter<{ shown: [window: BrowserWindow, url: string] }>();

export class BrowserWindow extends EventEmitter implements Methods {
  readonly id = ++lastId;
  readonly webContents: WebContents;
  #title: string;
  #visible = false;
  #minimized = false;
  #maximized = false;
  readonly #bounds: Rectangle;
  #destroyed = false;
  #loaded = false;
  #announced = false;

  constructor(options: BrowserWindowConstructorOptions = {}) {
    super();
    if (!lifecycle.isReady()) throw new Error('Cannot create BrowserWindow before app is ready');
    this.#title = options.title ?? 'Electron';
    this.#bounds = { x: options.x ?? 0, y: options.y ?? 0, width: options.width ?? 800, height: options.height ?? 600 };
    const port = this.id === 1 ? Number(process.env['LATCHKEY_PREVIEW_PORT'] ?? 0) : 0;
    this.webContents = createWebContents(this.id, port, options.webPreferences ?? {});
    windows.set(this.id, this);
    lifecycle.opened(this);
    lifecycle.events.emit('web-contents-created', createEvent(), this.webContents);
    if (options.show !== false) this.show();
  }

  static getAllWindows(): BrowserWindow[] { return [...windows.values()]; }
  static fromId(id: number): BrowserWindow | null { return windows.get(id) ?? null; }
  static fromWebContents(contents: WebContents): BrowserWindow | null { return [...windows.values()].find((window) => window.webContents === contents) ?? null; }
  static getFocusedWindow(): BrowserWindow | null { return focused; }

  async loadURL(url: string): Promise<void> {
    await this.webContents.loadURL(url);
    if (this.#destroyed) return;
    const first = !this.#loaded;
    this.#loaded = true;
    // A page is painted when somebody opens its address, and the address is told when the window shows: so it counts as painted now.
    if (first) this.emit('ready-to-show');
    else this.webContents.reload();
    this.#announce();
  }

  show(): void {
    if (this.#destroyed) return;
    const was = this.#visible;
    this.#visible = true;
    if (!was) this.emit('show', createEvent());
    this.focus();
    this.#announce();
  }

  hide(): void {
    if (!this.#visible) return;
    this.#visible = false;
    this.#blur();
    this.emit('hide', createEvent());
  }

  focus(): void {
    if (!this.#visible || this.#minimized || focused === this) return;
    focused?.emit('blur', createEvent());
    focusOn(this);
    this.emit('focus', createEvent());
  }

  minimize(): void {
    if (this.#minimized) return;
    this.#minimized = true;
    this.#blur();
    this.emit('minimize', createEvent());
  }

  restore(): void {
    if (!this.#minimized) return;
    this.#minimized = false;
    this.emit('restore', createEvent());
    this.focus();
  }

  close(): void {
    if (this.#destroyed) return;
    const event = createEvent();
    this.emit('close', event);
    if (event.defaultPrevented) lifecycle.closeRefused();
    else this.destroy();
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#visible = false;
    this.#blur();
    windows.delete(this.id);
    this.webContents.destroy();
    this.emit('closed');
    lifecycle.closed(this);
  }

  isDestroyed(): boolean { return this.#destroyed; }
  isVisible(): boolean { return this.#visible; }
  isMinimized(): boolean { return this.#minimized; }
  isFocused(): boolean { return focused === this; }
  setTitle(title: string): void { this.#title = title; }
  getTitle(): string { return this.#title; }
  setMenuBarVisibility(): void { /* A page has no menu bar to hide. */ }
  setBackgroundColor(): void { /* The browser paints its own ground before the page. */ }
  /** What was asked for: the browser's window is nobody's to move. */
  getNormalBounds(): Rectangle { return { ...this.#bounds }; }
  isMaximized(): boolean { return this.#maximized; }
  maximize(): void {
    this.#maximized = true;
    this.show();
  }
  unmaximize(): void { this.#maximized = false; }

  #blur(): void {
    if (focused !== this) return;
    focused = null;
    this.emit('blur', createEvent());
  }

  #announce(): void {
    if (this.#announced || !this.#loaded || !this.#visible) return;
    this.#announced = true;
    void this.webContents.freshUrl().then((url) => announcements.emit('shown', this, url));
  }
}
