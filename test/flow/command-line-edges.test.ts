import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandScene } from '../support/command-scene.ts';
import { answer } from '../support/exchange.ts';

/** What people write that is not quite right, and outputs that cannot be written: always words and an exit status, never a stack trace. */
const scene = commandScene();

type Ended = { readonly status: number | null; readonly out: string; readonly err: string };

/** Either program in the test's folder; `stdout` is a path that it writes to. */
const program = (name: 'latchkey' | 'authority', args: readonly string[], env: Readonly<Record<string, string>>, stdout?: string): Promise<Ended> => {
  const { LATCHKEY_HOME: _home, LATCHKEY_AUTHORITY: _authority, LATCHKEY_TRUST: _trust, LATCHKEY_AUTHORITY_HOME: _theirs, ...rest } = process.env;
  const child = spawn(process.execPath, [resolve(import.meta.dirname, `../../src-cli/${name}.ts`), ...args], {
    cwd: scene.commands.folder, env: { ...rest, ...env }, stdio: ['ignore', stdout === undefined ? 'pipe' : openSync(stdout, 'w'), 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
  return new Promise((done) => child.once('close', (status) => done({ status, out, err })));
};
const away = { LATCHKEY_AUTHORITY: '' };
const errorOf = (err: string) => (JSON.parse(err) as { error: { code: string; message: string; details: Record<string, unknown> } }).error;

describe('ids that are none', { timeout: 480_000 }, () => {
  const ids = ['lic 1', 'Ü', '', '../x', 'x'.repeat(300)];

  test('are told by every command of a machine', async () => {
    await scene.home.login();
    const commandsWith = (id: string): readonly (readonly string[])[] => [
      ['checkout', id], ['checkout', 'lic_stage', '--instead-of', id], ['renew', id], ['release', id], ['release-proof', id, '--out', 'x.lkrel'],
      ['licenses', '--organization', id], ['default-organization', id], ['run', '--product', id, '--', 'true'],
      ...['--product', '--license', '--lease'].map((option) => ['request', '--out', 'x.lkreq', option, id]),
    ];
    const [first = '', ...others] = ids;
    for (const args of [...commandsWith(first), ...others.map((id) => ['checkout', id])]) {
      const { status, err, out } = await scene.home.latchkey([args[0] ?? '', '--json', ...args.slice(1)]);
      expect([args, out, errorOf(err).code, status]).toEqual([args, '', expect.stringMatching(/^(INPUT_INVALID|LICENSE_NOT_FOUND|LEASE_NOT_FOUND|NOT_FOUND)$/), expect.toSatisfy((each) => each === 2 || each === 3)]);
    }
    expect(existsSync(join(scene.commands.folder, 'x.lkreq'))).toBe(false);
  });

  test('are told by every command of the authority', async () => {
    const theirs = { LATCHKEY_AUTHORITY_HOME: join(scene.commands.folder, `ids-${scene.turn}`) };
    expect((await program('authority', ['init'], theirs)).status).toBe(0);
    await scene.home.json(['request', '--out', 'ids.lkreq', '--product', 'stage'], { env: away });
    const commandsWith = (id: string): readonly (readonly string[])[] => [
      ['answer', 'ids.lkreq', '--license', id, '--days', '3', '--out', 'x.lklic'], ['machines', 'resolve', id], ['machines', 'retire', id], ['keys', 'revoke', id, '--yes'],
    ];
    const [first = '', ...others] = ids;
    for (const args of [...commandsWith(first), ...others.flatMap((id) => commandsWith(id).slice(0, 1))]) {
      const { status, err, out } = await program('authority', [...args, '--json'], theirs);
      expect([args, out, errorOf(err).code, status]).toEqual([args, '', expect.not.stringMatching('INTERNAL'), expect.toSatisfy((each) => each >= 2 && each <= 4)]);
    }
  });
});

describe('paths in variables', { timeout: 480_000 }, () => {
  test('are taken from the current folder, or from the own home with ~, and what is handed on is whole', async () => {
    const mine = join(scene.commands.folder, `person-${scene.turn}`);
    mkdirSync(mine);
    writeFileSync(join(mine, 'keys.lkkeys'), scene.authority.keyset());
    const person = { ...away, HOME: mine, LATCHKEY_TRUST: '~/keys.lkkeys' };
    const asked = await program('latchkey', ['request', '--out', `p${scene.turn}.lkreq`, '--product', 'stage', '--json'], { ...person, LATCHKEY_HOME: '~/state' });
    expect(asked).toMatchObject({ status: 0, err: '' });
    expect([existsSync(join(mine, 'state/latchkey.db')), existsSync(join(scene.commands.folder, '~'))]).toEqual([true, false]);
    writeFileSync(join(scene.commands.folder, `p${scene.turn}.lklic`), await answer(scene.authority, readFileSync(join(scene.commands.folder, `p${scene.turn}.lkreq`), 'utf8'), 'lic_stage', 3));
    const relative = { ...person, LATCHKEY_HOME: `./person-${scene.turn}/state`, LATCHKEY_TRUST: `person-${scene.turn}/keys.lkkeys` };
    expect((await program('latchkey', ['import', `p${scene.turn}.lklic`], relative)).status).toBe(0);
    const ran = await program('latchkey', ['run', '--product', 'stage', '--', process.execPath, '-p', 'process.env.LATCHKEY_LICENSE_FILE'], relative);
    expect(ran.out.trim()).toBe(join(mine, 'state/licenses/stage.lklic'));
  });

  test.each([
    ['latchkey', { LATCHKEY_HOME: '~nobody/state' }, 'LATCHKEY_HOME', ['status']],
    ['latchkey', { LATCHKEY_TRUST: '~nobody/keys.lkkeys' }, 'LATCHKEY_TRUST', ['status']],
    ['authority', { LATCHKEY_AUTHORITY_HOME: '~nobody/state' }, 'LATCHKEY_AUTHORITY_HOME', ['init']],
    ['authority', {}, '--home', ['init', '--home=~nobody/state']],
  ] as const)('of %s that name another person’s home by ~ are refused: %j', async (name, env, at, args) => {
    const { status, err } = await program(name, [...args, '--json'], { ...away, ...env });
    expect([status, errorOf(err)]).toEqual([2, expect.objectContaining({ code: 'INPUT_INVALID', details: expect.objectContaining({ why: 'tilde', at }) })]);
    expect(existsSync(join(scene.commands.folder, '~nobody'))).toBe(false);
  });

  test('of the authority are taken so too, also behind --home=', async () => {
    const mine = join(scene.commands.folder, `operator-${scene.turn}`);
    mkdirSync(mine);
    expect(await program('authority', ['init', '--json'], { HOME: mine, LATCHKEY_AUTHORITY_HOME: '~/one' })).toMatchObject({ status: 0, out: expect.stringContaining(join(mine, 'one')) });
    expect(await program('authority', ['init', '--json', '--home=~/two'], { HOME: mine })).toMatchObject({ status: 0, out: expect.stringContaining(join(mine, 'two')) });
  });

  test('with a name of 256 bytes say that the name is too long', async () => {
    const long = 'n'.repeat(256);
    const machine = await program('latchkey', ['status'], { ...away, LATCHKEY_HOME: join(scene.commands.folder, long) });
    expect([machine.status, machine.err]).toEqual([7, expect.stringContaining('name is too long')]);
    const trust = await program('latchkey', ['status'], { ...away, LATCHKEY_HOME: scene.home.path, LATCHKEY_TRUST: long });
    expect([trust.status, trust.err]).toEqual([2, expect.stringContaining('too long')]);
    const theirs = await program('authority', ['init'], { LATCHKEY_AUTHORITY_HOME: join(scene.commands.folder, long) });
    expect([theirs.status, theirs.err]).toEqual([2, expect.stringContaining('too long')]);
    for (const args of [['load', long], ['inspect', long], ['answer', long, '--license', 'l', '--days', '1', '--out', 'x.lklic']]) {
      const read = await program('authority', args, { LATCHKEY_AUTHORITY_HOME: join(scene.commands.folder, 'none') });
      expect([args[0], read.status, read.err]).toEqual([args[0], 2, expect.stringContaining('too long')]);
    }
  });
});

describe.runIf(existsSync('/dev/full'))('an output that cannot be written', { timeout: 480_000 }, () => {
  const told = ({ status, err }: Ended): void => {
    expect([status, err]).toEqual([2, expect.stringMatching(/^The output cannot be written: the disk is full\.\n/)]);
    expect(err).not.toMatch(/\n\s+at /);
  };

  test('is told by a machine', async () => {
    const env = { ...away, LATCHKEY_HOME: scene.home.path };
    for (const args of [['status'], ['--help'], ['--version']]) told(await program('latchkey', args, env, '/dev/full'));
    const asJson = await program('latchkey', ['status', '--json'], env, '/dev/full');
    expect([asJson.status, errorOf(asJson.err).details]).toEqual([2, { why: 'output', problem: 'ENOSPC' }]);
    const { status, err } = await scene.home.latchkey(['request', '--out', '/dev/full', '--product', 'stage', '--json'], { env: away });
    expect([status, errorOf(err).details['why']]).toEqual([2, 'not-a-file']);
  });

  test('is told by the authority', async () => {
    const theirs = { LATCHKEY_AUTHORITY_HOME: join(scene.commands.folder, `full-${scene.turn}`) };
    expect((await program('authority', ['init'], theirs)).status).toBe(0);
    for (const args of [['keys', 'list'], ['audit', 'export'], ['audit', 'export', '--csv'], ['audit', 'verify']]) told(await program('authority', args, theirs, '/dev/full'));
    for (const args of [['audit', 'export'], ['keys', 'export'], ['backup']]) {
      const { status, err } = await program('authority', [...args, '--out', '/dev/full', '--json'], theirs);
      expect([status, errorOf(err).details['why']]).toEqual([2, 'not-a-file']);
    }
  });
});

describe('a license that is held offline', { timeout: 480_000 }, () => {
  test('is not passed over by checkout, comes back online by renew, and can be changed for another one', async () => {
    await scene.home.login();
    const { id } = await scene.home.json<{ id: string }>(['checkout', 'lic_stage', '--offline', '5']);
    const { status, err } = await scene.home.latchkey(['checkout', 'lic_stage', '--json']);
    expect([status, errorOf(err)]).toEqual([3, expect.objectContaining({ code: 'CONFLICT', details: { why: 'held-offline', lease: id, until: expect.any(Number) } })]);
    expect((await scene.home.latchkey(['checkout', 'lic_stage'])).err).toContain('latchkey renew --online');
    expect(await scene.home.json(['renew', '--online'])).toMatchObject([{ id, mode: 'online' }]);
    expect(await scene.home.json(['checkout', 'lic_stage'])).toMatchObject({ id, mode: 'online' });
    const changed = await scene.home.json<{ id: string }>(['checkout', 'lic_online', '--instead-of', id]);
    expect(await scene.home.json(['status'])).toMatchObject({ leases: [{ id: changed.id, license: 'lic_online' }], givenUp: [{ lease: id, reason: 'change' }] });
    await scene.home.json(['release']);
  });

  test('is released by file where there is no network, and that is what release says', async () => {
    await scene.home.json(['request', '--out', 'off.lkreq', '--product', 'stage'], { env: away });
    writeFileSync(join(scene.commands.folder, 'off.lklic'), await answer(scene.authority, readFileSync(join(scene.commands.folder, 'off.lkreq'), 'utf8'), 'lic_stage', 3));
    await scene.home.json(['import', 'off.lklic'], { env: away });
    const { status, err } = await scene.home.latchkey(['release'], { env: away });
    expect([status, err]).toEqual([3, expect.stringMatching(/cannot be reached[\s\S]*\nRelease it by file: latchkey release-proof/)]);
    expect(err).not.toContain('only its machine');
  });
});

describe('what cannot be undone', { timeout: 480_000 }, () => {
  /** Says to the program that it is used at a terminal. */
  const terminal = ['--import', 'data:text/javascript,process.stdin.isTTY=true;process.stderr.isTTY=true'];
  const lease = async (): Promise<string> => {
    await scene.home.json(['request', '--out', 'undo.lkreq', '--product', 'stage'], { env: away });
    writeFileSync(join(scene.commands.folder, 'undo.lklic'), await answer(scene.authority, readFileSync(join(scene.commands.folder, 'undo.lkreq'), 'utf8'), 'lic_stage', 3));
    return (await scene.home.json<{ lease: string }>(['import', 'undo.lklic'], { env: away })).lease;
  };
  type Status = { readonly leases: readonly unknown[]; readonly account: unknown };

  test('is asked about at a terminal by release-proof, and a no, or the end of the input, keeps the license', async () => {
    const id = await lease();
    for (const input of ['no\n', '']) {
      const { status, err } = await scene.home.latchkey(['release-proof', id, '--out', 'undo.lkrel'], { env: away, node: terminal, input });
      expect([status, err]).toEqual([130, expect.stringMatching(/Release Stage Studio for good\?[\s\S]*Nothing was done/)]);
    }
    expect([existsSync(join(scene.commands.folder, 'undo.lkrel')), (await scene.home.json<Status>(['status'], { env: away })).leases.length]).toEqual([false, 1]);
    expect((await scene.home.latchkey(['release-proof', id, '--out', 'undo.lkrel'], { env: away, node: terminal, input: 'yes\n' })).status).toBe(0);
    // Only written again: there is nothing left to be asked.
    expect(await scene.home.latchkey(['release-proof', id, '--out', 'again.lkrel'], { env: away, node: terminal })).toMatchObject({ status: 0, err: '' });
  });

  test('is not asked about in a script, nor with --yes', async () => {
    const id = await lease();
    expect(await scene.home.latchkey(['release-proof', id, '--out', 'script.lkrel'], { env: away })).toMatchObject({ status: 0, err: '' });
    await scene.home.login();
    expect(await scene.home.latchkey(['logout', '--yes'], { node: terminal })).toMatchObject({ status: 0, err: '' });
  });

  test('is asked about at a terminal by logout', async () => {
    await scene.home.login('second');
    await scene.home.json(['checkout', 'lic_assigned']);
    expect(await scene.home.latchkey(['logout'], { node: terminal, input: 'no\n' })).toMatchObject({ status: 130, err: expect.stringContaining('Grade Finish') });
    expect(await scene.home.json<Status>(['status'])).toMatchObject({ leases: [{ license: 'lic_assigned' }], account: { user: { name: 'Sven Second' } } });
    expect((await scene.home.latchkey(['logout'], { node: terminal, input: 'yes\n' })).status).toBe(0);
    expect(await scene.home.json<Status>(['status'])).toMatchObject({ leases: [], account: null });
  });
});
