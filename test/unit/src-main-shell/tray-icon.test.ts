import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { groundIn } from '../../../src-main/shell/taskbar.ts';
import { clickOpensApp, trayIcon, type Ground } from '../../../src-main/shell/tray-icon.ts';
import { leavesFullScreenFirst } from '../../../src-main/shell/window-visibility.ts';
import { project } from '../../support/build.ts';
import { readIcon, readPng, type Pixels } from '../../support/png.ts';

const asset = (name: string): Buffer => readFileSync(join(project, 'assets', name));
const pixelsOf = (image: Pixels) => Array.from({ length: image.width * image.height }, (_, at) => image.at(at % image.width, Math.floor(at / image.width)));
const light = ([red, green, blue]: readonly number[]): number => ((red ?? 0) * 0.2126 + (green ?? 0) * 0.7152 + (blue ?? 0) * 0.0722) / 255;
/** How much of an image is told apart from a ground of this lightness, of what is painted at all. */
const seenOn = (image: Pixels, ground: number): number => {
  const painted = pixelsOf(image).filter(([, , , alpha]) => alpha > 128);
  return painted.filter((pixel) => Math.abs(light(pixel) - ground) > 0.4).length / painted.length;
};

describe('the icon of the tray', () => {
  it.each([
    ['darwin', 'light', {}, 'trayTemplate.png'], ['darwin', 'dark', {}, 'trayTemplate.png'],
    ['win32', 'light', {}, 'tray-on-light.ico'], ['win32', 'dark', {}, 'tray-on-dark.ico'],
    ['linux', 'light', { XDG_CURRENT_DESKTOP: 'ubuntu:GNOME' }, 'tray-on-dark.png'], ['linux', 'light', { XDG_CURRENT_DESKTOP: 'Unity' }, 'tray-on-dark.png'],
    ['linux', 'dark', { XDG_CURRENT_DESKTOP: 'KDE' }, 'tray-on-any.png'], ['linux', 'light', {}, 'tray-on-any.png'],
  ] as const)('is on %s, on a %s taskbar, with %j: %s, which is among the assets', (platform, ground, env, name) => {
    expect(trayIcon(platform, ground as Ground, env)).toBe(name);
    expect(asset(name).length).toBeGreaterThan(100);
  });

  it.each([
    ['tray-on-dark.ico', [0, 0.12]], ['tray-on-light.ico', [0.85, 1]],
  ] as const)('%s has every size that Windows shows, sharp and seen on its taskbar', (name, grounds) => {
    const images = readIcon(asset(name));
    expect(images.map(({ width }) => width)).toEqual([16, 20, 24, 32, 40, 48, 64]);
    for (const image of images) for (const ground of grounds) expect(seenOn(image, ground)).toBeGreaterThan(0.9);
  });

  it.each([['tray-on-dark', [0, 0.12]], ['tray-on-any', [0, 0.12, 0.85, 1]]] as const)('%s is seen on the panels that it is for, at both scales', (name, grounds) => {
    for (const [file, size] of [[`${name}.png`, 16], [`${name}@2x.png`, 32]] as const) {
      const image = readPng(asset(file));
      expect([image.width, image.height]).toEqual([size, size]);
      // Of one with an outline, either the outline or the inside is.
      for (const ground of grounds) expect(seenOn(image, ground), `${file} on ${ground}`).toBeGreaterThan(name === 'tray-on-any' ? 0.25 : 0.9);
    }
  });

  it('is black and nothing else for macOS, which paints it', () => {
    for (const [file, size] of [['trayTemplate.png', 16], ['trayTemplate@2x.png', 32]] as const) {
      const image = readPng(asset(file));
      expect(image.width).toBe(size);
      expect(pixelsOf(image).filter(([red, green, blue, alpha]) => alpha > 0 && red + green + blue > 0)).toEqual([]);
      expect(pixelsOf(image).filter(([, , , alpha]) => alpha === 255).length).toBeGreaterThan(size);
    }
  });
});

test('the taskbar\'s theme is read from what the registry prints', () => {
  const line = (value: string) => `\r\nHKEY_CURRENT_USER\\Software\\...\\Personalize\r\n    SystemUsesLightTheme    REG_DWORD    ${value}\r\n\r\n`;
  expect([line('0x0'), line('0x1'), line('0x00000000'), line('nothing'), '', '    AppsUseLightTheme    REG_DWORD    0x0\r\n'].map(groundIn)).toEqual(['dark', 'light', 'dark', null, null, null]);
});

test('each system is treated by its customs', () => {
  const systems = ['darwin', 'win32', 'linux'] as const;
  expect(systems.map(clickOpensApp)).toEqual([false, true, true]);
  expect(systems.map((each) => [leavesFullScreenFirst(each, true), leavesFullScreenFirst(each, false)])).toEqual([[true, false], [false, false], [false, false]]);
});
