import type { MenuItemConstructorOptions, PopupOptions } from 'electron';
import { lifecycle } from './lifecycle.ts';
import { BrowserWindow } from './window.ts';

/** A menu as the control channel tells it. */
export type MenuEntry = {
  readonly label: string; readonly type: string; readonly role?: string; readonly enabled: boolean; readonly visible: boolean; readonly checked: boolean;
  readonly accelerator?: string; readonly submenu?: readonly MenuEntry[];
};

let applicationMenu: Menu | null = null;
const poppedUp: { readonly menu: Menu; readonly options: PopupOptions }[] = [];

const editRoles = ['undo', 'redo', 'cut', 'copy', 'paste', 'selectAll'] as const;
const isEditRole = (role: string | undefined): role is (typeof editRoles)[number] => editRoles.some((one) => one === role);

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
  readonly #siblings: () => readonly MenuItem[];

  constructor(options: MenuItemConstructorOptions, siblings: () => readonly MenuItem[] = () => []) {
    const { submenu } = options;
    this.id = options.id;
    this.type = options.type ?? (submenu === undefined ? 'normal' : 'submenu');
    this.role = options.role;
    this.accelerator = options.accelerator as string | undefined;
    this.submenu = Array.isArray(submenu) ? Menu.buildFromTemplate(submenu) : submenu as Menu | undefined;
    this.label = options.label ?? options.role ?? '';
    this.enabled = options.enabled ?? true;
    this.visible = options.visible ?? true;
    this.checked = options.checked ?? false;
    this.#click = options.click;
    this.#siblings = siblings;
  }

  /** What a person's click does: nothing on an item that is disabled or hidden. */
  click(): boolean {
    if (!this.enabled || !this.visible || this.type === 'separator' || this.submenu !== undefined) return false;
    if (this.type === 'checkbox') this.checked = !this.checked;
    if (this.type === 'radio') for (const item of this.#siblings()) if (item.type === 'radio') item.checked = item === this;
    const window = BrowserWindow.getFocusedWindow();
    if (this.role === 'quit') lifecycle.quit();
    else if (this.role === 'close') window?.close();
    else if (isEditRole(this.role)) window?.webContents[this.role]();
    else (this.#click as ((...args: unknown[]) => void) | undefined)?.(this, window ?? undefined, {});
    return true;
  }
}

export class Menu {
  readonly items: MenuItem[] = [];

  static buildFromTemplate(template: readonly (MenuItemConstructorOptions | MenuItem)[]): Menu {
    const menu = new Menu();
    for (const entry of template) menu.append(entry instanceof MenuItem ? entry : new MenuItem(entry, () => menu.items));
    return menu;
  }
  static setApplicationMenu(menu: Menu | null): void { applicationMenu = menu; }
  static getApplicationMenu(): Menu | null { return applicationMenu; }

  append(item: MenuItem): void { this.items.push(item); }
  getMenuItemById(id: string): MenuItem | null {
    return this.items.find((item) => item.id === id) ?? this.items.map((item) => item.submenu?.getMenuItemById(id)).find((found) => found) ?? null;
  }
  popup(options: PopupOptions = {}): void { poppedUp.push({ menu: this, options }); }
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

/** Clicks the item that a path of labels leads to; a path that leads nowhere, or to an item that takes no click, is an error. */
export function clickItem(menu: Menu | null, [label, ...rest]: readonly string[]): void {
  const item = menu?.items.find((candidate) => candidate.label === label);
  if (item === undefined) throw new Error(`No menu item '${label ?? ''}'; there are: ${(menu?.items ?? []).map((one) => one.label).join(', ')}`);
  if (rest.length > 0) clickItem(item.submenu ?? null, rest);
  else if (!item.click()) throw new Error(`The menu item '${item.label}' takes no click`);
}
