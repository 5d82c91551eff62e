import { EventEmitter } from 'node:events';
import type { Tray as ElectronTray } from 'electron';
import type { Menu } from './menu.ts';
import type { NativeImage } from './native-image.ts';

type Methods = Pick<ElectronTray, 'setToolTip' | 'setTitle' | 'getTitle' | 'destroy' | 'isDestroyed' | 'popUpContextMenu'>;

const trays = new Set<Tray>();

/** A tray icon that only the control channel sees. */
export class Tray extends EventEmitter implements Methods {
  image: NativeImage | string;
  toolTip = '';
  menu: Menu | null = null;
  #title = '';
  #destroyed = false;

  constructor(image: NativeImage | string) {
    super();
    this.image = image;
    trays.add(this);
  }

  setImage(image: NativeImage | string): void { this.image = image; }
  setToolTip(toolTip: string): void { this.toolTip = toolTip; }
  setTitle(title: string): void { this.#title = title; }
  getTitle(): string { return this.#title; }
  setContextMenu(menu: Menu | null): void { this.menu = menu; }
  popUpContextMenu(): void { this.menu?.popup(); }
  isDestroyed(): boolean { return this.#destroyed; }
  destroy(): void {
    this.#destroyed = true;
    trays.delete(this);
  }
}

export const getTrays = (): readonly Tray[] => [...trays];
