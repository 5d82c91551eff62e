import { EventEmitter } from 'node:events';
import type { Tray as ElectronTray } from 'electron';
import { createEvent } from './event.ts';
import { lifecycle } from './lifecycle.ts';
import type { Menu } from './menu.ts';
import { pathOf, toImage, type NativeImage } from './native-image.ts';
import { platform } from './platform.ts';

type Methods = Pick<ElectronTray, 'setToolTip' | 'setTitle' | 'getTitle' | 'destroy' | 'isDestroyed' | 'popUpContextMenu'>;

const trays = new Set<Tray>();

/** A tray icon that only the control channel sees. electron/shell/browser/api/electron_api_tray.cc. */
export class Tray extends EventEmitter implements Methods {
  #image: NativeImage;
  #toolTip = '';
  #menu: Menu | null = null;
  #title = '';
  #destroyed = false;
  #opened = 0;

  constructor(image: NativeImage | string) {
    super();
    if (!lifecycle.isReady()) throw new Error('Cannot create Tray before app is ready');
    this.#image = toImage(image);
    trays.add(this);
  }

  setImage(image: NativeImage | string): void {
    this.#checkAlive();
    this.#image = toImage(image);
  }
  setToolTip(toolTip: string): void {
    this.#checkAlive();
    this.#toolTip = toolTip;
  }
  /** Shown on macOS only, as in Electron. */
  setTitle(title: string): void {
    this.#checkAlive();
    if (platform === 'darwin') this.#title = title;
  }
  getTitle(): string {
    this.#checkAlive();
    return this.#title;
  }
  setContextMenu(menu: Menu | null): void {
    this.#checkAlive();
    this.#menu = menu;
  }
  popUpContextMenu(): void {
    this.#checkAlive();
    this.#menu?.popup();
  }
  isDestroyed(): boolean { return this.#destroyed; }
  destroy(): void {
    this.#destroyed = true;
    trays.delete(this);
  }

  /** Not of Electron's API: a click on the icon. On macOS it opens the menu, where there is one, and is told to the app as well. electron/shell/browser/ui/tray_icon_cocoa.mm, `mouseDown` */
  press(): void {
    if (platform === 'darwin' && (this.#menu?.items.length ?? 0) > 0) this.#opened += 1;
    this.emit('click', createEvent());
  }

  /** Not of Electron's API: what a person sees of it. An empty image leaves a place with nothing in it. `opened`: how often a click has opened the menu. */
  seen() {
    return { toolTip: this.#toolTip, title: this.#title, empty: this.#image.isEmpty(), image: pathOf(this.#image), template: this.#image.isTemplateImage(), menu: this.#menu, opened: this.#opened };
  }

  #checkAlive(): void {
    if (this.#destroyed) throw new Error('Tray is destroyed');
  }
}

export const getTrays = (): readonly Tray[] => [...trays];
