import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import { existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { readOpenedFile } from '../../src-main/shell/opened-file.ts';
import { startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { project } from '../support/build.ts';
import { codeOf, startClient } from '../support/client.ts';
import type { TestClient } from '../support/client.ts';
import { answer } from '../support/exchange.ts';
import { databaseOf, everyRow } from '../support/home-files.ts';
import { malformedFiles } from '../support/malformed.ts';

/**
 * Files as an attacker hands them over, through every door there is: both command lines, the app's open-file path, licensing
 * itself and HTTP. Each is refused with its own code, changes nothing in any table, and is remembered by the machine.
 */
const realTime = { now: () => Math.floor(Date.now() / 1000), set: () => undefined, advance: () => undefined };
let authority: TestAuthority;
let machine: TestClient;
let folder: string;
let good: string;

beforeAll(async () => {
  authority = await startAuthority({ clock: realTime });
  folder = mkdtempSync(join(tmpdir(), 'latchkey-import-'));
  writeFileSync(join(folder, 'trust.lkkeys'), authority.keyset());
  machine = await startClient({ clock: realTime, authority: null, keyset: authority.keyset(), name: 'WS-042' });
  const request = unwrap(await machine.licensing().createRequest({ product: 'stage', days: 30 })).text;
  good = await answer(authority, request, 'lic_stage', 30);
  writeFileSync(join(folder, 'good.lklic'), good);
  writeFileSync(join(folder, 'good.lkreq'), request);
  await machine.stop();
});
afterAll(async () => {
  await machine.close();
  await authority.close();
  rmSync(folder, { recursive: true, force: true });
});

type Ended = { readonly status: number | null; readonly out: string; readonly code: string | null; readonly why: unknown };
const run = (program: 'latchkey' | 'authority', args: readonly string[]): Promise<Ended> => {
  const env = { ...process.env, LATCHKEY_HOME: machine.home, LATCHKEY_AUTHORITY: '', LATCHKEY_TRUST: join(folder, 'trust.lkkeys'), LATCHKEY_AUTHORITY_HOME: authority.home };
  const child = spawn(process.execPath, [join(project, `src-cli/${program}.ts`), '--json', ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  return new Promise((done) => child.once('close', (status) => {
    const error = err === '' ? null : (JSON.parse(err) as { error: { code: string; details: { why?: unknown } } }).error;
    done({ status, out, code: error?.code ?? null, why: error?.details.why ?? null });
  }));
};
const machineRows = () => everyRow(databaseOf(machine.home), ['refusal']);
const refusals = () => everyRow(databaseOf(machine.home))['refusal'] as { code: string; why: string | null; kind: string | null; digest: string }[];
const authorityRows = () => everyRow(join(authority.home, 'authority.db'), ['audit']);

/** What stands at a path, and what each door says to it. */
const strange: readonly { readonly name: string; readonly make: (path: string) => void | Promise<() => void>; readonly says: readonly [status: number, code: string, why: string] }[] = [
  { name: 'a file larger than 64 KiB', make: (path) => writeFileSync(path, `${good}${' '.repeat(70_000)}`), says: [4, 'FILE_MALFORMED', 'size'] },
  { name: 'a file of 20 MB', make: (path) => writeFileSync(path, Buffer.alloc(20 * 1024 * 1024)), says: [4, 'FILE_MALFORMED', 'size'] },
  { name: 'a directory', make: (path) => void mkdirSync(path), says: [4, 'FILE_MALFORMED', 'not-a-file'] },
  { name: 'a link to a good license file', make: (path) => symlinkSync(join(folder, 'good.lklic'), path), says: [4, 'FILE_MALFORMED', 'not-a-file'] },
  { name: 'a link to nothing', make: (path) => symlinkSync(join(folder, 'nothing'), path), says: [4, 'FILE_MALFORMED', 'not-a-file'] },
  { name: 'a link to itself', make: (path) => symlinkSync(path, path), says: [4, 'FILE_MALFORMED', 'not-a-file'] },
  { name: 'a FIFO that nobody writes to', make: (path) => void execFileSync('mkfifo', [path]), says: [4, 'FILE_MALFORMED', 'not-a-file'] },
  {
    name: 'a socket',
    make: async (path) => {
      const server = createServer();
      await new Promise<void>((ready) => server.listen(path, ready));
      return () => void server.close();
    },
    says: [4, 'FILE_MALFORMED', 'not-a-file'],
  },
  { name: 'an empty file', make: (path) => writeFileSync(path, ''), says: [4, 'FILE_MALFORMED', 'armor'] },
];

describe('what is no file, or too much of one', () => {
  test.each(strange)('$name is refused by both command lines and by the app, and changes nothing', { timeout: 300_000 }, async ({ make, says }) => {
    const path = join(folder, `strange-${Math.random().toString(36).slice(2)}.lklic`);
    const clean = (await make(path)) ?? (() => undefined);
    const before = [machineRows(), authorityRows(), refusals().length] as const;
    const [status, code, why] = says;
    expect(await run('latchkey', ['import', path])).toEqual({ status, out: '', code, why });
    expect(await run('latchkey', ['inspect', path])).toEqual({ status, out: '', code, why });
    expect(await run('authority', ['answer', path, '--license', 'lic_stage', '--days', '30', '--out', join(folder, 'never.lklic')])).toEqual({ status, out: '', code, why });
    expect(await run('authority', ['accept', path])).toEqual({ status, out: '', code, why });
    expect(await run('authority', ['inspect', path])).toEqual({ status, out: '', code, why });
    expect(existsSync(join(folder, 'never.lklic'))).toBe(false);
    // The app reads no more of it than the parser needs to refuse it.
    const opened = await readOpenedFile(path);
    expect(opened.bytes.length).toBeLessThanOrEqual(64 * 1024 + 1);
    expect([machineRows(), authorityRows()]).toEqual(before.slice(0, 2));
    // Taking is remembered, and looking where there is something to look at.
    expect(refusals().length).toBe(before[2] + (why === 'not-a-file' || why === 'size' ? 1 : 2));
    expect(refusals().at(-1)).toMatchObject({ code, why, kind: null });
    clean();
    rmSync(path, { recursive: true, force: true });
  });

  test('devices do not end, and are not read', async () => {
    const before = machineRows();
    for (const device of ['/dev/zero', '/dev/tty', '/dev/stdin', '/proc/self/mem'].filter((path) => existsSync(path))) {
      const { status, code } = await run('latchkey', ['import', device]);
      expect([device, [2, 4].includes(status ?? 0), ['FILE_MALFORMED', 'INPUT_INVALID'].includes(code ?? '')]).toEqual([device, true, true]);
    }
    expect((await readOpenedFile('/dev/zero')).bytes.length).toBe(0);
    expect(machineRows()).toEqual(before);
  });

  test('a hard link is the file itself, and is read', async () => {
    linkSync(join(folder, 'good.lklic'), join(folder, 'hard.lklic'));
    expect(await run('latchkey', ['inspect', 'hard.lklic'])).toMatchObject({ status: 0, code: null });
  });
});

describe('names', () => {
  test('are only ever looked up: none makes a file anywhere, and none is part of another path', { timeout: 300_000 }, async () => {
    const before = [machineRows(), readdirSync(folder).sort(), readdirSync(machine.home).sort()];
    for (const name of ['../../../etc/shadow-not-there.lklic', '\\\\server\\share\\a.lklic', '//server/share/a.lklic', `${'x'.repeat(5000)}.lklic`, 'a\nb.lklic', 'file:///etc/passwd', '-', ' ', '%00.lklic', '~/a.lklic', 'CON']) {
      const { status, out, code } = await run('latchkey', ['import', '--', name]);
      expect([name, status, out, code]).toEqual([name, 2, '', 'INPUT_INVALID']);
    }
    expect([machineRows(), readdirSync(folder).sort(), readdirSync(machine.home).sort()]).toEqual(before);
    // A NUL cannot even be handed to a program; the app's way is a path from the desktop.
    expect((await readOpenedFile('/tmp/a\0b.lklic')).bytes.length).toBe(0);
    expect(await readOpenedFile('../../a.lklic')).toEqual({ name: 'a.lklic', bytes: new Uint8Array() });
  });
});

describe('malformed content', () => {
  test(`all ${malformedFiles.length} malformed files at the machine: refused, nothing changed, each remembered by its digest`, async () => {
    await machine.restart();
    const path = databaseOf(machine.home);
    const before = everyRow(path, ['refusal']);
    for (const [name, file] of malformedFiles) {
      expect([name, codeOf(await machine.licensing().accept(file))]).toEqual([name, 'FILE_MALFORMED']);
      const [newest] = unwrap(machine.licensing().refusals()).newest;
      expect([name, newest?.digest]).toEqual([name, createHash('sha256').update(file).digest('base64url')]);
      expect([name, codeOf(await machine.licensing().inspect(file))]).toEqual([name, 'FILE_MALFORMED']);
    }
    expect(everyRow(path, ['refusal'])).toEqual(before);
    expect(unwrap(machine.licensing().refusals()).count).toBeGreaterThanOrEqual(malformedFiles.length);
    expect(unwrap(await machine.licensing().diagnose()).find(({ subject }) => subject === 'refusals')).toMatchObject({ ok: true, facts: { code: 'FILE_MALFORMED', kind: null } });
    await machine.stop();
  });

  test('the app opens each of them, says the same, and remembers it', async () => {
    await machine.restart();
    const before = machine.ports().store.refusals(1).count;
    for (const [name, file] of malformedFiles) {
      writeFileSync(join(folder, 'opened.lklic'), file);
      expect([name, codeOf(await machine.licensing().inspect((await readOpenedFile(join(folder, 'opened.lklic'))).bytes))]).toEqual([name, 'FILE_MALFORMED']);
    }
    expect(machine.ports().store.refusals(1).count).toBe(before + malformedFiles.length);
    await machine.stop();
  });

  test('a few of each kind through real processes, on both sides', { timeout: 480_000 }, async () => {
    const before = [machineRows(), authorityRows()];
    const chosen = ['a byte order mark', 'UTF-16', 'broken UTF-8', 'two documents in one file', 'a payload with a duplicate member', '__proto__', 'nesting as deep as a file can hold, 24,000 levels'];
    for (const name of chosen) {
      writeFileSync(join(folder, 'bad.lklic'), malformedFiles.find(([each]) => each === name)?.[1] ?? '');
      for (const [program, args] of [['latchkey', ['import', 'bad.lklic']], ['authority', ['inspect', 'bad.lklic']], ['authority', ['accept', 'bad.lklic']]] as const) {
        expect([name, program, await run(program, args)]).toEqual([name, program, { status: 4, out: '', code: 'FILE_MALFORMED', why: expect.any(String) }]);
      }
    }
    expect([machineRows(), authorityRows()]).toEqual(before);
  });

  test('over HTTP, at every route that takes a document', { timeout: 300_000 }, async () => {
    const before = authorityRows();
    const manager = authority.call(await authority.signIn('manager@northlight.example'));
    const session = authorityRows();
    for (const [name, file] of malformedFiles) {
      // A JSON body holds text only; what is no text arrives with what a browser makes of it.
      const text = typeof file === 'string' ? file : new TextDecoder().decode(file);
      if (text.length > 200_000) continue;
      const codes = [
        codeOf(await manager(contract.exchange.inspect, { body: { document: text } })),
        codeOf(await manager(contract.exchange.answer, { body: { request: text, license: 'lic_stage', days: 30 } })),
        codeOf(await manager(contract.exchange.accept, { body: { proof: text } })),
        codeOf(await authority.call()(contract.leases.giveBack, { body: { proof: text } })),
        codeOf(await authority.call()(contract.leases.renew, { body: { request: text, heartbeat: 'none' } })),
      ];
      expect([name, codes.filter((code) => !['FILE_MALFORMED', 'INPUT_INVALID'].includes(code))]).toEqual([name, []]);
    }
    expect(authorityRows()).toEqual(session);
    expect(Object.keys(before).length).toBeGreaterThan(10);
  });
});

describe('the record of what was refused', () => {
  test('holds the newest thousand, never the text, and what was accepted is not in it', async () => {
    await machine.restart();
    for (let turn = 0; turn < 1010; turn += 1) machine.licensing().refuse({ ok: false, code: 'FILE_MALFORMED', details: { why: `turn-${turn}` } });
    const { count, newest } = unwrap(machine.licensing().refusals());
    expect(count).toBe(1000);
    expect(newest[0]).toMatchObject({ why: 'turn-1009', digest: '' });
    unwrap(await machine.licensing().accept(good));
    expect(unwrap(machine.licensing().refusals()).count).toBe(1000);
    const foreign = good.replace(/\n(.)/, (_, first: string) => `\n${first === 'e' ? 'f' : 'e'}`);
    expect((await machine.licensing().accept(foreign)).ok).toBe(false);
    const stored = JSON.stringify(everyRow(databaseOf(machine.home))['refusal']);
    expect(stored).not.toContain('BEGIN LATCHKEY');
    await machine.stop();
  });
});
