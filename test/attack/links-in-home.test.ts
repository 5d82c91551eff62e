import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readWindowBounds, writeWindowBounds } from '../../src-main/shell/window-bounds.ts';
import { startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { createCommandLine, realTime } from '../support/command.ts';
import type { CommandLine, Home } from '../support/command.ts';

/** Links in a home, put there by whoever may write to it, and root that only wanted to look. */
let authority: TestAuthority;
let commands: CommandLine;
let home: Home;
let target: string;
let turn = 0;

beforeAll(async () => {
  authority = await startAuthority({ clock: realTime });
  commands = createCommandLine(authority);
});
afterAll(async () => {
  commands.close();
  await authority.close();
});
beforeEach(() => {
  turn += 1;
  home = commands.home(`home-${turn}`);
  target = join(commands.folder, `target-${turn}`);
  writeFileSync(target, 'of the system');
  chmodSync(target, 0o644);
});

const isUntouched = (): void => {
  expect(readFileSync(target, 'utf8')).toBe('of the system');
  expect(statSync(target).mode & 0o777).toBe(0o644);
};
const errorOf = (err: string) => (JSON.parse(err.trim().split('\n').at(-1) ?? '') as { error: { code: string; details: Record<string, unknown> } }).error;

describe.runIf(process.platform !== 'win32')('a link', () => {
  test('in the place of a file that Latchkey writes is replaced, and what it points to stays as it is', async () => {
    await home.login('second');
    mkdirSync(join(home.path, 'licenses'));
    for (const name of ['counter', 'session.json', 'licenses/grade.lklic']) {
      rmSync(join(home.path, name), { force: true });
      symlinkSync(target, join(home.path, name));
    }
    // A session that is no session asks for a new sign-in; the counter has to be one.
    rmSync(join(home.path, 'counter'));
    symlinkSync(join(commands.folder, `nothing-${turn}`), join(home.path, 'counter'));
    await home.login('second');
    const { id } = await home.json<{ id: string }>(['checkout', 'lic_single']);
    isUntouched();
    expect(existsSync(join(commands.folder, `nothing-${turn}`))).toBe(false);
    for (const name of ['counter', 'session.json', 'licenses/grade.lklic']) expect([name, lstatSync(join(home.path, name)).isFile()]).toEqual([name, true]);
    expect((await home.latchkey(['release', id])).status).toBe(0);
  });

  test('in the place of the window is replaced, and what it points to stays as it is', () => {
    mkdirSync(home.path, { mode: 0o700 });
    const file = join(home.path, 'window.json');
    symlinkSync(target, file);
    writeWindowBounds(file, { bounds: { x: 1, y: 2, width: 1000, height: 700 }, maximized: false });
    isUntouched();
    expect([lstatSync(file).isFile(), statSync(file).mode & 0o777, readWindowBounds(file).bounds, readdirSync(home.path)]).toEqual([true, 0o600, { x: 1, y: 2, width: 1000, height: 700 }, ['window.json']]);
  });

  test('in the place of the database is refused, and what it points to stays as it is', async () => {
    mkdirSync(home.path, { mode: 0o700 });
    for (const to of [target, join(commands.folder, `nothing-${turn}`)]) {
      rmSync(join(home.path, 'latchkey.db'), { force: true });
      symlinkSync(to, join(home.path, 'latchkey.db'));
      const refused = await home.latchkey(['status', '--json']);
      expect([refused.status, errorOf(refused.err).code]).toEqual([7, 'STORE_UNUSABLE']);
    }
    isUntouched();
    expect(existsSync(join(commands.folder, `nothing-${turn}`))).toBe(false);
  });
});

describe.runIf(process.getuid?.() === 0)('root', () => {
  const USER = 4343;

  test('that looks into the home of another user is told whose it is and how to look as them, and changes nothing', async () => {
    await home.login('second');
    chmodSync(join(home.path, 'counter'), 0o644);
    for (const name of readdirSync(home.path)) chownSync(join(home.path, name), USER, USER);
    chownSync(home.path, USER, USER);
    mkdirSync(join(home.path, 'licenses'));
    symlinkSync(target, join(home.path, 'licenses/grade.lklic'));
    const before = readdirSync(home.path).sort();
    for (const command of [['status'], ['checkout', 'lic_single'], ['release']]) {
      const refused = await home.latchkey([...command, '--json']);
      expect([refused.status, errorOf(refused.err)]).toMatchObject([7, { code: 'STORE_UNUSABLE', details: { why: 'foreign-home', path: home.path, owner: `user ${USER}` } }]);
    }
    expect((await home.latchkey(['status'])).err).toContain('sudo -u');
    expect((await home.latchkey(['doctor'])).status).toBe(7);
    isUntouched();
    expect(readdirSync(home.path).sort()).toEqual(before);
    expect(statSync(join(home.path, 'counter')).mode & 0o777).toBe(0o644);
  });

  test('that was called by sudo with the HOME of a person does not begin a home there that they could not use', async () => {
    const person = join(commands.folder, `person-${turn}`);
    mkdirSync(person);
    chownSync(person, USER, USER);
    const refused = await home.latchkey(['status', '--json'], { env: { LATCHKEY_HOME: join(person, 'share/latchkey'), SUDO_UID: String(USER) } });
    expect(errorOf(refused.err)).toMatchObject({ details: { why: 'foreign-home' } });
    expect(readdirSync(person)).toEqual([]);
  });
});
