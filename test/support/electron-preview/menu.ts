import type { MenuItemConstructorOptions, PopupOptions } from 'electron';
import { readAccelerator } from './accelerator.ts';
import { app } from './app.ts';
import { lifecycle } from './lifecycle.ts';
import { rolesOn, type Role, type RoleAction } from './menu-roles.ts';
import { platform } from './platform.ts';
import { BrowserWindow } from './window.ts';

/** A menu as the control channel tells it. */
export type MenuEntry = {
  readonly label: string; readonly type: string; readonly role?: string; readonly enabled: boolean; readonly visible: boolean; readonly checked: boolean;
  /** Left out where Electron would bind none. */
  readonly accelerator?: string; readonly submenu?: readonly MenuEntry[];
};

let applicationMenu: Menu | null = null;
const poppedUp: { readonly menu: Menu; readonly options: PopupOptions }[] = [];
const radioChecks = new WeakMap<MenuItem, boolean>();
const radioGroups = new WeakMap<MenuItem, readonly MenuItem[]>();

const types: readonly string[] = ['normal', 'separator', 'submenu', 'checkbox', 'radio', 'header', 'palette'];
const roleNamed = (name: string | undefined): Role | undefined => (name === undefined ? undefined : rolesOn(platform, app.name)[name]);

/**
 * electron/lib/browser/api/menu-item.ts. A role that Electron does not know is not refused: the item has no label of its own
 * and does nothing but call `click`.
 */
export class MenuItem {
  readonly id: string | undefined;
  readonly type: string;
  readonly role: string | undefined;
  readonly accelerator: string | undefined;
  readonly submenu: Menu | undefined;
  label: string;
  enabled: boolean;
  visible: boolean;
  checked: boolean;
  readonly #click: MenuItemConstructorOptions['click'];

  constructor(options: MenuItemConstructorOptions) {
    this.id = options.id;
    this.role = options.role?.toLowerCase();
    const role = roleNamed(this.role);
    const submenu = options.submenu ?? role?.submenu;
    this.submenu = submenu === undefined ? undefined : submenu instanceof Menu ? submenu : Menu.buildFromTemplate(submenu as MenuItemConstructorOptions[]);
    this.type = options.type ?? (this.submenu === undefined ? 'normal' : 'submenu');
    if (this.type === 'submenu' && this.submenu === undefined) throw new Error('Invalid submenu');
    if (!types.includes(this.type)) throw new Error(`Unknown menu item type: ${this.type}`);
    this.accelerator = acceleratorOf(options.accelerator ?? role?.accelerator);
    this.label = options.label ?? role?.label ?? '';
    this.enabled = options.enabled ?? true;
    this.visible = options.visible ?? true;
    this.checked = options.checked ?? false;
    this.#click = options.click;
  }

  /** A role that Electron carries out keeps the item's own `click` from being called. */
  click(event: object = {}, window: BrowserWindow | null = BrowserWindow.getFocusedWindow()): void {
    if (this.type === 'checkbox' || this.type === 'radio') this.checked = !this.checked;
    const role = roleNamed(this.role);
    const isOurs = role?.action !== undefined && (platform !== 'darwin' || role.everywhere === true);
    if (isOurs && runRole(role.action, window)) return;
    (this.#click as ((...args: unknown[]) => void) | undefined)?.(this, window ?? undefined, event);
  }
}

function acceleratorOf(accelerator: unknown): string | undefined {
  if (accelerator === undefined || accelerator === null) return undefined;
  const text = String(accelerator);
  const { valid, unknown } = readAccelerator(text);
  for (const token of unknown) console.error(`electron-preview: Invalid accelerator token: ${token}`);
  if (!valid) console.error(`electron-preview: ${text} doesn't contain a valid key`);
  return valid ? text : undefined;
}

const zoomed: Readonly<Record<string, (level: number) => number>> = { resetzoom: () => 0, zoomin: (level) => level + 0.5, zoomout: (level) => level - 0.5 };

/** False where there is nothing to do it on. */
function runRole({ on, call }: RoleAction, window: BrowserWindow | null): boolean {
  const target: object | null = on === 'app' ? lifecycle.events : on === 'window' ? window : (window?.webContents ?? null);
  if (target === null) return false;
  const zoom = zoomed[call];
  if (zoom !== undefined) callOn(target, 'setZoomLevel', zoom(Number(callOn(target, 'getZoomLevel'))));
  else if (call === 'togglefullscreen') callOn(target, 'setFullScreen', callOn(target, 'isFullScreen') !== true);
  else callOn(target, call);
  return true;
}

function callOn(target: object, name: string, ...args: readonly unknown[]): unknown {
  const method: unknown = Reflect.get(target, name);
  if (typeof method !== 'function') throw new Error(`The stand-in has no method '${name}' for this role`);
  return Reflect.apply(method, target, args);
}

/** electron/lib/browser/api/menu.ts. `before`, `after` and their kin are not followed: items stay in the order given. */
export class Menu {
  readonly items: MenuItem[] = [];

  static buildFromTemplate(template: readonly (MenuItemConstructorOptions | MenuItem)[]): Menu {
    if (!Array.isArray(template)) throw new TypeError('Invalid template for Menu: Menu template must be an array');
    if (!template.every(isTemplateItem)) throw new TypeError('Invalid template for MenuItem: must have at least one of label, role or type');
    const menu = new Menu();
    for (const entry of withoutExtraSeparators(template)) menu.append(entry instanceof MenuItem ? entry : new MenuItem(entry));
    return menu;
  }
  static setApplicationMenu(menu: Menu | null): void {
    if (menu !== null && !(menu instanceof Menu)) throw new TypeError('Invalid menu');
    applicationMenu = menu;
  }
  static getApplicationMenu(): Menu | null { return applicationMenu; }

  append(item: MenuItem): void {
    if (!(item instanceof MenuItem)) throw new TypeError('Invalid item');
    this.items.push(item);
    if (item.type === 'radio') this.#group(item);
  }
  getMenuItemById(id: string): MenuItem | null {
    return this.items.find((item) => item.id === id) ?? this.items.map((item) => item.submenu?.getMenuItemById(id)).find((found) => found) ?? null;
  }
  popup(options: PopupOptions = {}): void {
    if (typeof options !== 'object' || options === null) throw new TypeError('Options must be an object');
    if (BrowserWindow.getAllWindows().length === 0) throw new Error('Cannot open Menu without a BaseWindow present');
    poppedUp.push({ menu: this, options });
  }

  /** The radio items up to the next separator are one group: whichever is set, by a click or by the app, the others are not. */
  #group(item: MenuItem): void {
    const above = this.items.slice(0, this.items.indexOf(item));
    const group = [...above.slice(above.findLastIndex(({ type }) => type === 'separator') + 1).filter(({ type }) => type === 'radio'), item];
    for (const one of group) radioGroups.set(one, group);
    radioChecks.set(item, item.checked);
    Object.defineProperty(item, 'checked', {
      enumerable: true,
      get: () => radioChecks.get(item) ?? false,
      set: () => { for (const one of radioGroups.get(item) ?? []) radioChecks.set(one, one === item); },
    });
  }
}

const isTemplateItem = (item: unknown): boolean =>
  typeof item === 'object' && item !== null && (Object.hasOwn(item, 'label') || Object.hasOwn(item, 'role') || Reflect.get(item, 'type') === 'separator');

type Separable = { readonly type?: string | undefined; readonly visible?: boolean | undefined };
/** A separator stands between two items: none at an edge, and one of several in a row. */
function withoutExtraSeparators<T extends Separable>(items: readonly T[]): readonly T[] {
  const single = items.filter(({ type, visible }, at) => visible === false || type !== 'separator' || at === 0 || items[at - 1]?.type !== 'separator');
  return single.filter(({ type, visible }, at) => visible === false || type !== 'separator' || (at > 0 && at < single.length - 1));
}

export const getPopup = (): Menu | null => poppedUp.at(-1)?.menu ?? null;

/** Every menu that was popped up, the newest last. */
export const describePopups = () => poppedUp.map(({ menu, options: { x = null, y = null, sourceType = 'mouse' } }) => ({ x, y, sourceType, items: describeMenu(menu) }));

export function describeMenu(menu: Menu | null): readonly MenuEntry[] {
  return (menu?.items ?? []).map(({ label, type, role, enabled, visible, checked, accelerator, submenu }) => ({
    label, type, enabled, visible, checked,
    ...(role === undefined ? {} : { role }), ...(accelerator === undefined ? {} : { accelerator }), ...(submenu === undefined ? {} : { submenu: describeMenu(submenu) }),
  }));
}

/** A person's click on the item that a path of labels leads to; a path that leads nowhere, or to an item that takes no click, is an error. */
export function clickItem(menu: Menu | null, [label, ...rest]: readonly string[]): void {
  const item = menu?.items.find((candidate) => candidate.label === label);
  if (item === undefined) throw new Error(`No menu item '${label ?? ''}'; there are: ${(menu?.items ?? []).map((one) => one.label).join(', ')}`);
  if (rest.length > 0) { clickItem(item.submenu ?? null, rest); return; }
  if (!item.enabled || !item.visible || item.type === 'separator' || item.submenu !== undefined) throw new Error(`The menu item '${item.label}' takes no click`);
  item.click();
}
