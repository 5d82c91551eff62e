import { EventEmitter } from 'node:events';
import type { BrowserWindow as ElectronWindow, BrowserWindowConstructorOptions, Rectangle } from 'electron';
import { throwWhenDestroyed } from './destroyed.ts';
import { createEvent } from './event.ts';
import { lifecycle } from './lifecycle.ts';
import { platform } from './platform.ts';
import { screen } from './screen.ts';
import { createWebContents, type WebContents } from './web-contents.ts';

type Methods = Pick<ElectronWindow, 'id' | 'loadURL' | 'show' | 'hide' | 'focus' | 'minimize' | 'restore' | 'close' | 'destroy' | 'isDestroyed' | 'isVisible' | 'isMinimized' | 'isFocused'
  | 'setTitle' | 'getTitle' | 'setMenuBarVisibility' | 'setBackgroundColor' | 'getBounds' | 'getNormalBounds' | 'setBounds' | 'setMinimumSize' | 'getMinimumSize'
  | 'isMaximized' | 'maximize' | 'unmaximize' | 'isFullScreen' | 'setFullScreen' | 'showInactive'>;

const windows = new Map<number, BrowserWindow>();
let lastId = 0;
let focused: BrowserWindow | null = null;
const focusOn = (window: BrowserWindow): void => { focused = window; };

/** Says that a window's page can be opened, once for each window. The window itself may wait for the first paint, or stay hidden. */
export const announcements = new EventEmitter<{ opened: [window: BrowserWindow, url: string] }>();

/** Without a position, in the middle of the primary display. */
function placeNew({ x, y, width = 800, height = 600 }: BrowserWindowConstructorOptions): Rectangle {
  const { workArea } = screen.getPrimaryDisplay();
  return { x: x ?? workArea.x + Math.round((workArea.width - width) / 2), y: y ?? workArea.y + Math.round((workArea.height - height) / 2), width, height };
}

export class BrowserWindow extends EventEmitter implements Methods {
  readonly id = ++lastId;
  readonly #contents: WebContents;
  #title: string;
  #visible = false;
  #minimized = false;
  #maximized = false;
  #fullScreen = false;
  #changing = false;
  #closeLater = false;
  #black = false;
  #bounds: Rectangle;
  #least: readonly [number, number];
  #destroyed = false;
  #announced = false;

  constructor(options: BrowserWindowConstructorOptions = {}) {
    super();
    if (!lifecycle.isReady()) throw new Error('Cannot create BrowserWindow before app is ready');
    this.#title = options.title ?? 'Electron';
    this.#least = [options.minWidth ?? 0, options.minHeight ?? 0];
    this.#bounds = placeNew(options);
    const port = this.id === 1 ? Number(process.env['ELECTRON_PREVIEW_PORT'] ?? 0) : 0;
    this.#contents = createWebContents(this.id, port, options.webPreferences ?? {}, () => this.#announce());
    this.#contents.on('ready-to-show', () => process.nextTick(() => { if (!this.#destroyed) this.emit('ready-to-show'); }));
    windows.set(this.id, this);
    lifecycle.opened(this);
    lifecycle.events.emit('web-contents-created', createEvent(), this.#contents);
    if (options.show !== false) this.show();
  }

  static getAllWindows(): BrowserWindow[] { return [...windows.values()]; }
  static fromId(id: number): BrowserWindow | null { return windows.get(id) ?? null; }
  static fromWebContents(contents: WebContents): BrowserWindow | null { return [...windows.values()].find((window) => window.#contents === contents) ?? null; }
  static getFocusedWindow(): BrowserWindow | null { return focused; }

  get webContents(): WebContents { return this.#contents; }
  loadURL(url: string): Promise<void> { return this.webContents.loadURL(url); }

  show(): void {
    const was = this.#visible;
    this.#visible = true;
    if (!was) this.emit('show', createEvent());
    this.focus();
  }

  /** Without the focus. */
  showInactive(): void {
    if (this.#visible) return;
    this.#visible = true;
    this.emit('show', createEvent());
  }

  hide(): void {
    if (!this.#visible) return;
    this.#visible = false;
    this.#black = platform === 'darwin' && (this.#fullScreen || this.#changing);
    this.#blur();
    this.emit('hide', createEvent());
  }

  focus(): void {
    if (!this.#visible || this.#minimized || focused === this) return;
    focused?.emit('blur', createEvent());
    focusOn(this);
    this.emit('focus', createEvent());
    lifecycle.events.emit('browser-window-focus', createEvent(), this);
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
    this.#closeLater = this.#changing;
    if (this.#changing) return;
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
    this.#contents.destroy();
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
  /** What the app asked for, or the control channel: the browser's own window is nobody's to move. Its state does not change it. */
  getNormalBounds(): Rectangle { return { ...this.#bounds }; }
  getBounds(): Rectangle { return { ...this.#bounds }; }
  getMinimumSize(): number[] { return [...this.#least]; }
  setMinimumSize(width: number, height: number): void { this.#least = [width, height]; }
  setBounds(bounds: Partial<Rectangle>): void {
    const before = this.#bounds;
    const [width, height] = this.#least;
    const wanted = { ...before, ...bounds };
    this.#bounds = { ...wanted, width: Math.max(width, wanted.width), height: Math.max(height, wanted.height) };
    if (before.width !== this.#bounds.width || before.height !== this.#bounds.height) this.emit('resize', createEvent());
    if (before.x !== this.#bounds.x || before.y !== this.#bounds.y) this.emit('move', createEvent());
  }
  isMaximized(): boolean { return this.#maximized; }
  /** Shows it too, but does not focus it (electron/docs/api/base-window.md, "win.maximize()"). */
  maximize(): void {
    this.showInactive();
    if (this.#maximized) return;
    this.#maximized = true;
    this.emit('maximize', createEvent());
  }
  unmaximize(): void {
    if (!this.#maximized) return;
    this.#maximized = false;
    this.emit('unmaximize', createEvent());
  }
  isFullScreen(): boolean { return this.#fullScreen; }
  /** On macOS it takes a while, and a close waits for it. electron/docs/api/base-window.md, "win.setFullScreen"; shell/browser/native_window_mac.mm, `Close` */
  setFullScreen(flag: boolean): void {
    if (this.#fullScreen === flag) return;
    if (platform !== 'darwin') return this.#settle(flag);
    if (this.#changing) return;
    this.#changing = true;
    setTimeout(() => {
      this.#changing = false;
      if (this.#destroyed) return;
      this.#settle(flag);
      if (this.#closeLater) this.close();
    }, 20);
  }
  /** Not of Electron's API: whether a person looks at the black screen that a full-screen window leaves on macOS when it hides. github.com/electron/electron/issues/20263 */
  isBlack(): boolean { return this.#black && !this.#visible; }

  #settle(flag: boolean): void {
    this.#fullScreen = flag;
    this.emit(flag ? 'enter-full-screen' : 'leave-full-screen', createEvent());
  }

  #blur(): void {
    if (focused !== this) return;
    focused = null;
    this.emit('blur', createEvent());
  }

  #announce(): void {
    if (this.#announced || this.#destroyed) return;
    this.#announced = true;
    void this.#contents.freshUrl().then((url) => announcements.emit('opened', this, url));
  }
}
// Of a window only the id outlives it (electron/lib/browser/api/browser-window.ts).
throwWhenDestroyed(BrowserWindow.prototype, []);
