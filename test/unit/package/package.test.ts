import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extractFile, listPackage, statFile } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentExtensions } from '../../../src-shared/inspection.ts';
import { project } from '../../support/build.ts';
import { buildPackage } from '../../support/package-tools/build.ts';

const minutes = 60_000;
let folder = '';
let unpacked = '';
let files: readonly string[] = [];

/** electron-builder's `dir` target with the project's own configuration, on a distribution made here: no network, no display. targets.test.ts has the others. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-package-'));
  await buildPackage(folder, 'linux', ['dir', '--x64']);
  unpacked = join(folder, 'out/linux-unpacked');
  files = listPackage(join(unpacked, 'resources/app.asar'), { isPack: false }).filter((path) => !isFolder(path));
}, 4 * minutes);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const asar = () => join(unpacked, 'resources/app.asar');
const isFolder = (path: string): boolean => 'files' in statFile(asar(), path.slice(1));

describe('the package', () => {
  it('contains the main, preload and renderer programs and the native module, and nothing else', () => {
    const known = [/^\/package\.json$/, /^\/out\/main\/(main\.js|chunks\/[^/]+\.js|third-party\.txt|images\/(icon|tray)[^/]*\.(png|ico))$/, /^\/out\/preload\/preload\.cjs$/, /^\/out\/renderer\/(index\.html|assets\/[^/]+)$/,
      /^\/node_modules\/better-sqlite3\/(package\.json|LICENSE|lib\/.+\.js|prebuilds\/linux-x64\.node)$/];
    expect(files.filter((path) => !known.some((pattern) => pattern.test(path)))).toEqual([]);
    for (const path of ['/out/main/main.js', '/out/preload/preload.cjs', '/out/renderer/index.html', '/node_modules/better-sqlite3/lib/index.js']) expect(files).toContain(path);
    for (const icon of ['icon.png', 'tray-on-light.ico', 'tray-on-dark.ico', 'tray-on-dark@2x.png', 'tray-on-any@2x.png', 'trayTemplate.png', 'trayTemplate@2x.png']) expect(files).toContain(`/out/main/images/${icon}`);
  });

  it('keeps the native module outside the archive, whole, where it can be loaded', () => {
    const native = 'node_modules/better-sqlite3/prebuilds/linux-x64.node';
    expect(readFileSync(join(unpacked, 'resources/app.asar.unpacked', native)).equals(readFileSync(join(project, native)))).toBe(true);
  });

  it('keeps the notices of the packages in it outside the archive, where a program of the person can open them', () => {
    const text = readFileSync(join(unpacked, 'resources/app.asar.unpacked/out/main/third-party.txt'), 'utf8');
    // One of the main program, one of its preparation, one of the page, and the one beside them.
    for (const name of ['zod', 'jose', 'react-dom', 'better-sqlite3']) expect(text).toMatch(new RegExp(`^${name} \\d+\\.`, 'm'));
    // Of the build's own tools nothing is in the package.
    expect(text).not.toMatch(/^(vite|rolldown|electron-vite|typescript) \d/m);
  });

  it('needs no module but electron, Node and the native one', () => {
    const text = files.filter((path) => /^\/out\/(main|preload)\/.*\.c?js$/.test(path)).map((path) => extractFile(asar(), path.slice(1)).toString('utf8')).join('\n');
    const asked = new Set([...text.matchAll(/^\s*(?:import|export)\b[^'"\n]*?from\s*["']([^"'.][^"']*)["']|^\s*import\s*["']([^"'.][^"']*)["']|\b(?:__)?require\(["']([^"'.][^"']*)["']\)/gm)].map(([, a, b, c]) => a ?? b ?? c ?? ''));
    expect(asked).toContain('electron');
    expect(asked).toContain('better-sqlite3');
    const builtin = new Set(builtinModules);
    // systeminformation tries these on a Mac and goes on without.
    const optional = ['osx-temperature-sensor', 'macos-temperature-sensor'];
    expect([...asked].filter((name) => !['electron', 'better-sqlite3', ...optional].includes(name) && !name.startsWith('node:') && !builtin.has(name))).toEqual([]);
  });

  it('gives the preload script nothing to require but electron, in one CommonJS file', () => {
    const text = extractFile(asar(), 'out/preload/preload.cjs').toString('utf8');
    expect([...text.matchAll(/require\(["']([^"']+)["']\)/g)].map(([, name]) => name)).toEqual(['electron']);
    expect(text).not.toMatch(/^\s*(import|export)\b/m);
  });

  it('starts the main script, and says nothing of how the project is built', () => {
    const manifest = JSON.parse(extractFile(asar(), 'package.json').toString('utf8')) as Record<string, unknown>;
    expect(manifest).toMatchObject({ name: 'latchkey', main: 'out/main/main.js', type: 'module' });
    expect(manifest).not.toHaveProperty('devDependencies');
    expect(manifest).not.toHaveProperty('scripts');
  });

  it('is an executable with the fuses blown that keep Node and foreign code out', async () => {
    expect(statSync(join(unpacked, 'latchkey')).mode & 0o111).not.toBe(0);
    const wire = await getCurrentFuseWire(join(unpacked, 'latchkey'));
    const state = (fuse: FuseV1Options) => wire[fuse];
    for (const off of [FuseV1Options.RunAsNode, FuseV1Options.EnableNodeOptionsEnvironmentVariable, FuseV1Options.EnableNodeCliInspectArguments, FuseV1Options.GrantFileProtocolExtraPrivileges]) {
      expect(state(off)).toBe(FuseState.DISABLE);
    }
    for (const on of [FuseV1Options.EnableCookieEncryption, FuseV1Options.EnableEmbeddedAsarIntegrityValidation, FuseV1Options.OnlyLoadAppFromAsar]) expect(state(on)).toBe(FuseState.ENABLE);
  });
});

describe('the configuration', () => {
  const text = readFileSync(join(project, 'electron-builder.yml'), 'utf8');

  it('opens every kind of document', () => {
    expect([...text.matchAll(/^ {2}- ext: (\w+)$/gm)].map(([, kind]) => kind)).toEqual([...documentExtensions]);
    expect(text.match(/^ {4}mimeType: application\/vnd\.latchkey\.\w+$/gm)).toHaveLength(documentExtensions.length);
  });

  it('has a target for each system, and publishes nothing', () => {
    expect([...text.matchAll(/^ {4}- target: (\w+)$/gm)].map(([, target]) => target)).toEqual(['nsis', 'dmg', 'zip', 'AppImage', 'deb']);
    expect(text).toMatch(/^publish: null$/m);
  });
});
