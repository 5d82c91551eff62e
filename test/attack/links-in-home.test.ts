import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { readWindowBounds, writeWindowBounds } from '../../src-main/shell/window-bounds.ts';
import { commandScene } from '../support/command-scene.ts';

/** Links in a home, put there by whoever may write to it, and root that only wanted to look. */
const scene = commandScene();
let target: string;

beforeEach(() => {
  target = join(scene.commands.folder, `target-${scene.turn}`);
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
    await scene.home.login('second');
    mkdirSync(join(scene.home.path, 'licenses'));
    for (const name of ['counter', 'session.json', 'licenses/grade.lklic']) {
      rmSync(join(scene.home.path, name), { force: true });
      symlinkSync(target, join(scene.home.path, name));
    }
    // A session that is no session asks for a new sign-in; the counter has to be one.
    rmSync(join(scene.home.path, 'counter'));
    symlinkSync(join(scene.commands.folder, `nothing-${scene.turn}`), join(scene.home.path, 'counter'));
    await scene.home.login('second');
    const { id } = await scene.home.json<{ id: string }>(['checkout', 'lic_single']);
    isUntouched();
    expect(existsSync(join(scene.commands.folder, `nothing-${scene.turn}`))).toBe(false);
    for (const name of ['counter', 'session.json', 'licenses/grade.lklic']) expect([name, lstatSync(join(scene.home.path, name)).isFile()]).toEqual([name, true]);
    expect((await scene.home.latchkey(['release', id])).status).toBe(0);
  });

  test('in the place of the window is replaced, and what it points to stays as it is', () => {
    mkdirSync(scene.home.path, { mode: 0o700 });
    const file = join(scene.home.path, 'window.json');
    symlinkSync(target, file);
    writeWindowBounds(file, { bounds: { x: 1, y: 2, width: 1000, height: 700 }, maximized: false });
    isUntouched();
    expect([lstatSync(file).isFile(), statSync(file).mode & 0o777, readWindowBounds(file).bounds, readdirSync(scene.home.path)]).toEqual([true, 0o600, { x: 1, y: 2, width: 1000, height: 700 }, ['window.json']]);
  });

  test('in the place of the database is refused, and what it points to stays as it is', async () => {
    mkdirSync(scene.home.path, { mode: 0o700 });
    for (const to of [target, join(scene.commands.folder, `nothing-${scene.turn}`)]) {
      rmSync(join(scene.home.path, 'latchkey.db'), { force: true });
      symlinkSync(to, join(scene.home.path, 'latchkey.db'));
      const refused = await scene.home.latchkey(['status', '--json']);
      expect([refused.status, errorOf(refused.err).code]).toEqual([7, 'STORE_UNUSABLE']);
    }
    isUntouched();
    expect(existsSync(join(scene.commands.folder, `nothing-${scene.turn}`))).toBe(false);
  });
});

describe.runIf(process.getuid?.() === 0)('root', () => {
  const USER = 4343;

  test('that looks into the home of another user is told whose it is and how to look as them, and changes nothing', async () => {
    await scene.home.login('second');
    chmodSync(join(scene.home.path, 'counter'), 0o644);
    for (const name of readdirSync(scene.home.path)) chownSync(join(scene.home.path, name), USER, USER);
    chownSync(scene.home.path, USER, USER);
    mkdirSync(join(scene.home.path, 'licenses'));
    symlinkSync(target, join(scene.home.path, 'licenses/grade.lklic'));
    const before = readdirSync(scene.home.path).sort();
    for (const command of [['status'], ['checkout', 'lic_single'], ['release']]) {
      const refused = await scene.home.latchkey([...command, '--json']);
      expect([refused.status, errorOf(refused.err)]).toMatchObject([7, { code: 'STORE_UNUSABLE', details: { why: 'foreign-home', path: scene.home.path, owner: `user ${USER}` } }]);
    }
    expect((await scene.home.latchkey(['status'])).err).toContain('sudo -u');
    expect((await scene.home.latchkey(['doctor'])).status).toBe(7);
    isUntouched();
    expect(readdirSync(scene.home.path).sort()).toEqual(before);
    expect(statSync(join(scene.home.path, 'counter')).mode & 0o777).toBe(0o644);
  });

  test('that was called by sudo with the HOME of a person does not begin a home there that they could not use', async () => {
    const person = join(scene.commands.folder, `person-${scene.turn}`);
    mkdirSync(person);
    chownSync(person, USER, USER);
    const refused = await scene.home.latchkey(['status', '--json'], { env: { LATCHKEY_HOME: join(person, 'share/latchkey'), SUDO_UID: String(USER) } });
    expect(errorOf(refused.err)).toMatchObject({ details: { why: 'foreign-home' } });
    expect(readdirSync(person)).toEqual([]);
  });
});
