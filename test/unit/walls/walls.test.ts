import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const project = resolve(import.meta.dirname, '../../..');
const rooms = [
  '', 'src-shared', 'src-main', 'src-main/licensing', 'src-main/adapter', 'src-main/shell', 'src-renderer', 'src-authority', 'src-cli',
];

/** A house with the project's walls and one almost empty file a room. */
let house: string;
beforeEach(() => {
  house = mkdtempSync(join(tmpdir(), 'latchkey-walls-'));
  symlinkSync(join(project, 'node_modules'), join(house, 'node_modules'));
  cpSync(join(project, 'oxlint.config.ts'), join(house, 'oxlint.config.ts'));
  cpSync(join(project, 'tsconfig.base.json'), join(house, 'tsconfig.base.json'));
  writeFileSync(join(house, 'package.json'), '{"type":"module"}');
  for (const room of rooms.slice(1)) {
    mkdirSync(join(house, room), { recursive: true });
    cpSync(join(project, room, 'tsconfig.json'), join(house, room, 'tsconfig.json'));
    write(`${room}/room.ts`, 'export const here = 1;\n');
  }
});
afterEach(() => rmSync(house, { recursive: true, force: true }));

const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(house, path)), { recursive: true });
  writeFileSync(join(house, path), text);
};
const run = (program: string, ...args: string[]): { readonly status: number | null; readonly out: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(project, 'node_modules/.bin', program), ...args], { cwd: house, encoding: 'utf8' });
  return { status, out: stdout + stderr };
};

describe('the walls of the lint table', () => {
  test('a house that keeps them passes', () => {
    expect(run('oxlint')).toMatchObject({ status: 0 });
  });

  test.each([
    ['src-shared/a.ts', 'node:fs', 'take what you need as a port'],
    ['src-shared/a.ts', 'jose', 'Only src-shared/documents imports jose'],
    ['src-shared/a.ts', '../src-authority/room.ts', 'meet in src-shared'],
    ['src-shared/documents/a.ts', 'node:crypto', 'take what you need as a port'],
    ['src-main/licensing/a.ts', '../adapter/room.ts', 'licensing names a port'],
    ['src-main/licensing/a.ts', 'better-sqlite3', 'Databases live in an adapter'],
    ['src-main/adapter/a.ts', 'electron', 'Only src-main/shell'],
    ['src-main/adapter/a.ts', '../shell/room.ts', 'belongs to the shell'],
    ['src-main/shell/a.ts', '../adapter/room.ts', 'wires no adapter'],
    ['src-main/a.ts', '../src-authority/room.ts', 'meet in src-shared'],
    ['src-authority/a.ts', '../src-main/room.ts', 'meet in src-shared'],
    ['src-authority/a.ts', 'jose', 'Only src-shared/documents imports jose'],
    ['src-renderer/a.ts', '../src-shared/documents/index.ts', 'checks no document'],
    ['src-renderer/a.ts', 'node:fs', 'take what you need as a port'],
    ['src-renderer/a.ts', 'electron', 'Only src-main/shell'],
    ['src-renderer/a.ts', '../src-main/room.ts', 'meet in src-shared'],
    ['src-cli/a.ts', '../src-renderer/room.ts', 'imported by nobody'],
    ['src-cli/a.ts', '../test/room.ts', 'imported by nobody'],
  ])('%s may not import %s, and is told where it belongs', (file, specifier, home) => {
    write(file, `import * as other from '${specifier}';\nexport const it = other;\n`);
    const { status, out } = run('oxlint');
    expect(status).toBe(1);
    expect(out).toContain('no-restricted-imports');
    expect(out.replace(/\s+/g, ' ')).toContain(home);
  });

  test('rules take no time, chance or network of their own', () => {
    write('src-main/licensing/a.ts', 'export const a = [Date.now(), crypto.randomUUID(), fetch];\n');
    const { status, out } = run('oxlint');
    expect(status).toBe(1);
    expect(out).toContain('use the Clock');
    expect(out).toContain('use the Random port');
  });
});

describe('the walls of the compiler', () => {
  test.each([
    ['src-main/licensing', '../adapter/room.ts'],
    ['src-main/shell', '../adapter/room.ts'],
    ['src-authority', '../src-main/licensing/room.ts'],
    ['src-renderer', '../src-authority/room.ts'],
    ['src-shared', '../src-main/room.ts'],
  ])('%s does not compile when it imports %s', (room, specifier) => {
    write(`${room}/a.ts`, `import { here } from '${specifier}';\nexport const it = here;\n`);
    const { status, out } = run('tsc', '-b', room);
    expect(status).not.toBe(0);
    expect(out).toMatch(/TS6307|TS6059/);
  });

  test('the floor knows neither Node nor the DOM', () => {
    write('src-shared/a.ts', 'export const a = [process.argv, document.title];\n');
    const { status, out } = run('tsc', '-b', 'src-shared');
    expect(status).not.toBe(0);
    expect(out).toContain('process');
    expect(out).toContain('document');
  });
});
