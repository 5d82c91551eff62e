import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, test, vi } from 'vitest';
import { readAccelerator } from '../../support/electron-preview/accelerator.ts';
import { rolesOn } from '../../support/electron-preview/menu-roles.ts';
import { lifecycle } from '../../support/electron-preview/lifecycle.ts';
import { clickItem, describeMenu, Menu, MenuItem } from '../../support/electron-preview/menu.ts';
import { BrowserWindow } from '../../support/electron-preview/window.ts';

/** As electron/lib/browser/api/menu.ts, menu-item.ts and menu-item-roles.ts behave. */

const build = (...template: unknown[]): Menu => Menu.buildFromTemplate(template as MenuItemConstructorOptions[]);

describe('a template', () => {
  test.each([
    [[{}], 'must have at least one of label, role or type'],
    [[{ type: 'normal', click: () => undefined }], 'must have at least one of label, role or type'],
    [[null], 'must have at least one of label, role or type'],
    [[{ label: 'x', submenu: [{}] }], 'must have at least one of label, role or type'],
    [[{ label: 'x', type: 'submenu' }], 'Invalid submenu'],
    [[{ label: 'x', type: 'button' }], 'Unknown menu item type: button'],
  ])('%j is refused', (template, message) => {
    expect(() => build(...template as unknown[])).toThrow(message);
  });

  test('that is no list is refused, and so is anything but a menu as the application menu', () => {
    expect(() => Menu.buildFromTemplate({} as never)).toThrow('Menu template must be an array');
    expect(() => Menu.setApplicationMenu({ items: [] } as never)).toThrow('Invalid menu');
    expect(() => new Menu().append({ label: 'x' } as never)).toThrow('Invalid item');
  });

  test('loses separators at its edges and beside each other', () => {
    const line = { type: 'separator' };
    expect(describeMenu(build(line, { label: 'a' }, line, line, { label: 'b' }, line)).map(({ label, type }) => label || type)).toEqual(['a', 'separator', 'b']);
  });
});

describe('a role', () => {
  test('has Electron\'s English label unless the app gives one, and its accelerator', () => {
    expect(describeMenu(build({ role: 'selectAll' }, { role: 'quit', label: 'Beenden' }, { role: 'zoomIn' })))
      .toMatchObject([{ label: 'Select All', role: 'selectall', accelerator: 'CommandOrControl+A' }, { label: 'Beenden', accelerator: 'CommandOrControl+Q' }, { label: 'Zoom In' }]);
  });

  test('with a menu of its own brings that menu, also under another label', () => {
    const [edit] = describeMenu(build({ role: 'editMenu', label: 'Bearbeiten' }));
    expect(edit?.submenu?.map(({ label, type }) => label || type)).toEqual(['Undo', 'Redo', 'separator', 'Cut', 'Copy', 'Paste', 'Delete', 'separator', 'Select All']);
  });

  test('that Electron does not know makes an item without a label, which does what its click says', () => {
    const clicked = vi.fn<() => void>();
    const menu = build({ role: 'explode', click: clicked });
    expect(describeMenu(menu)).toMatchObject([{ label: '', role: 'explode' }]);
    clickItem(menu, ['']);
    expect(clicked).toHaveBeenCalledOnce();
  });

  test('without a window to act on leaves the click to the item', () => {
    const clicked = vi.fn<() => void>();
    clickItem(build({ role: 'minimize', click: clicked }), ['Minimize']);
    expect(clicked).toHaveBeenCalledOnce();
  });

  test('that Electron carries out on the focused window keeps the item\'s own click from being called', () => {
    lifecycle.events.on('window-all-closed', () => undefined);
    lifecycle.markReady();
    const window = new BrowserWindow();
    const clicked = vi.fn<() => void>();
    const menu = build({ role: 'toggleFullScreen', click: clicked }, { role: 'close', click: clicked });
    clickItem(menu, ['Toggle Full Screen']);
    expect(window.isFullScreen()).toBe(true);
    clickItem(menu, ['Close']);
    expect([window.isDestroyed(), clicked.mock.calls.length]).toEqual([true, 0]);
  });

  test.each([['darwin', 'About Some App', 'Quit Some App', 'Close Window'], ['win32', 'About Some App', 'Exit', 'Close'], ['linux', 'About', 'Quit', 'Close']] as const)('has the words of %s', (platform, about, quit, close) => {
    const roles = rolesOn(platform, 'Some App');
    expect([roles['about']?.label, roles['quit']?.label, roles['close']?.label]).toEqual([about, quit, close]);
    expect(Object.values(roles).filter(({ label, accelerator }) => label === '' || (accelerator !== undefined && !readAccelerator(accelerator).valid))).toEqual([]);
  });
});

describe('an accelerator', () => {
  test.each(['CmdOrCtrl+1', 'Shift+CommandOrControl+Z', 'F11', 'CommandOrControl+Plus', 'CommandOrControl+-', 'CmdOrCtrl+=', 'Alt + Left', 'numadd'])('%s is bound', (text) => {
    expect(readAccelerator(text)).toEqual({ valid: true, unknown: [] });
  });

  test.each([['Ctrl', []], ['Strg+O', ['strg']], ['Ctrl+F25', ['f25']], ['Ctrl+ä', ['Ctrl+ä']], ['Ctrl+O+Enter2', ['enter2']]])('%s binds no key or is warned of', (text, unknown) => {
    expect(readAccelerator(text).unknown).toEqual(unknown);
    expect(readAccelerator(text).valid).toBe(text === 'Strg+O');
  });

  test('that cannot be bound throws nothing: the item is there without one, and the log says why', () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    expect(describeMenu(build({ label: 'Open', accelerator: 'Ctrl+Öffnen' }))[0]).not.toHaveProperty('accelerator');
    expect(said.mock.calls.flat()).toContain("electron-preview: Ctrl+Öffnen doesn't contain a valid key");
    said.mockRestore();
  });
});

test('of the radio items between two separators exactly the one that was set last is checked', () => {
  const radio = (label: string, checked = false) => ({ label, type: 'radio', checked });
  const menu = build(radio('a', true), radio('b'), { type: 'separator' }, radio('c', true), { label: 'd' });
  const checked = () => describeMenu(menu).filter((item) => item.checked).map(({ label }) => label);
  expect(checked()).toEqual(['a', 'c']);
  clickItem(menu, ['b']);
  expect(checked()).toEqual(['b', 'c']);
  clickItem(menu, ['b']);
  expect(checked()).toEqual(['b', 'c']);
});

test('a disabled item, a separator and a submenu take no click', () => {
  const menu = build({ label: 'off', enabled: false, click: () => { throw new Error('clicked'); } }, { label: 'more', submenu: [{ label: 'inner' }] });
  expect(() => clickItem(menu, ['off'])).toThrow('takes no click');
  expect(() => clickItem(menu, ['more'])).toThrow('takes no click');
  expect(() => menu.popup()).toThrow('Cannot open Menu without a BaseWindow present');
  expect(new MenuItem({ label: 'x', type: 'checkbox' })).toMatchObject({ checked: false, type: 'checkbox' });
});
