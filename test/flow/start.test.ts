import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { project } from '../support/build.ts';
import { findChromium, launchChromium } from '../support/electron-preview/chromium.ts';

const folder = mkdtempSync(join(tmpdir(), 'latchkey-start-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Start = { readonly child: ChildProcess; readonly output: () => string; readonly welcomed: Promise<void>; readonly ended: Promise<number | null> };
const started: ChildProcess[] = [];
afterEach(() => { for (const child of started.splice(0)) child.kill('SIGKILL'); });

function npmStart(env: Readonly<Record<string, string | undefined>> = {}): Start {
  const child = spawn(process.execPath, [join(project, 'test/support/start/index.ts')], {
    cwd: project, stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LATCHKEY_AUTHORITY: undefined, LATCHKEY_HOME: undefined, LATCHKEY_TRUST: undefined, LATCHKEY_RUNTIME: 'preview', LATCHKEY_DEMO: folder, DISPLAY: undefined, WAYLAND_DISPLAY: undefined, ...env },
  });
  started.push(child);
  let text = '';
  const welcomed = Promise.withResolvers<void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      if (text.includes('Ctrl-C stops everything')) welcomed.resolve();
    });
  }
  const ended = new Promise<number | null>((done) => child.once('close', (status) => {
    welcomed.reject(new Error(`npm start ended (${status}):\n${text}`));
    done(status);
  }));
  welcomed.promise.catch(() => undefined);
  return { child, output: () => text, welcomed: welcomed.promise, ended };
}

/** The process of the authority that this start has started. */
const authorityOf = ({ pid }: ChildProcess): number => {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n').map((row) => row.trim().split(/\s+/));
  const found = rows.find(([, parent, ...args]) => Number(parent) === pid && args.some((arg) => arg.endsWith('authority.ts')));
  if (found === undefined) throw new Error('no authority runs');
  return Number(found[0]);
};

const answers = (url: string): Promise<boolean> => fetch(url, { redirect: 'manual' }).then((reply) => reply.status < 500, () => false);
const addresses = (text: string) => ({
  page: /^ {2}(http:\/\/127\.0\.0\.1:\d+\/\S+)$/m.exec(text)?.[1] ?? '',
  portal: /^Portal of the local authority: (http:\/\/127\.0\.0\.1:\d+)/m.exec(text)?.[1] ?? '',
});

describe('npm start', () => {
  it('says where the app and the portal are, on what it runs and how to sign in, and takes all along when it is stopped', async () => {
    const start = npmStart();
    await start.welcomed;
    const { page, portal } = addresses(start.output());
    expect(start.output()).toContain('runs on the stand-in for Electron');
    expect(start.output()).toMatch(/\S+@\S+ +\S+ +owner of /);
    expect(start.output()).toContain(`npm run authority -- outbox --home ${join(folder, 'authority')}`);
    expect(await answers(page)).toBe(true);
    expect(await answers(`${portal}/v1/keyset`)).toBe(true);

    const second = npmStart();
    expect(await second.ended).toBe(0);
    expect(second.output()).toContain('The app is running already');

    start.child.kill('SIGTERM');
    expect(await start.ended).toBe(0);
    expect([await answers(page), await answers(portal)]).toEqual([false, false]);
  }, 120_000);

  it('says what it means that the authority has ended, what to do, and on the open page that the app has', async () => {
    const start = npmStart({ LATCHKEY_HOME: join(folder, 'killed') });
    await start.welcomed;
    const { page } = addresses(start.output());
    const browser = await launchChromium();
    try {
      const shown = await browser.newPage();
      await shown.goto(page);
      await shown.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
      process.kill(authorityOf(start.child), 'SIGKILL');
      expect(await start.ended).toBe(1);
      expect(start.output()).toContain('The authority ended by itself (SIGKILL). Without it nobody can sign in');
      expect(start.output()).toContain('Run npm start again');
      await shown.getByRole('dialog').getByRole('heading', { name: 'Latchkey has ended' }).waitFor();
    } finally {
      await browser.close();
    }
  }, 120_000);

  it('starts no authority where there is to be no network', async () => {
    const start = npmStart({ LATCHKEY_AUTHORITY: '', LATCHKEY_HOME: join(folder, 'island') });
    await start.welcomed;
    expect(start.output()).toContain('a machine without a network');
    expect(start.output()).not.toContain('Portal');
    start.child.kill('SIGINT');
    expect(await start.ended).toBe(0);
  });

  it.runIf(process.platform === 'linux')('opens the page as a window of its own where a display and a Chromium are there, closes the app\'s window with it, and opens it again', async () => {
    // Chromium shows the page where no display is needed, and a person who closes its window ends it well.
    const bin = join(folder, 'bin');
    const noted = join(folder, 'windows.txt');
    mkdirSync(bin);
    writeFileSync(join(bin, 'chromium'), [
      '#!/bin/sh', `echo "$$ $*" >> '${noted}'`, 'address=${1#--app=}', 'shift',
      `'${findChromium()}' --headless=new --remote-debugging-port=0 "$@" "$address" > '${noted}.log' 2>&1 &`,
      "trap 'kill $!; wait; exit 0' TERM", 'wait', '',
    ].join('\n'), { mode: 0o755 });
    const windows = () => (existsSync(noted) ? readFileSync(noted, 'utf8').trim().split('\n') : []).map((line) => ({ pid: Number(line.split(' ')[0]), args: line.split(' ').slice(1) }));
    const env = { LATCHKEY_AUTHORITY: '', LATCHKEY_HOME: join(folder, 'window'), DISPLAY: ':99', PATH: `${bin}:${process.env['PATH'] ?? ''}` };

    const start = npmStart(env);
    await start.welcomed;
    expect(start.output()).toContain('its window is open');
    await expect.poll(() => windows().length, { timeout: 60_000 }).toBe(1);
    const [first] = windows();
    expect(first?.args).toEqual(expect.arrayContaining([expect.stringMatching(/^--app=http:\/\/127\.0\.0\.1:\d+\/\S*token=/), '--disable-background-networking', '--no-first-run']));
    expect(first?.args.includes('--no-sandbox')).toBe(process.getuid?.() === 0);
    const profile = first?.args.find((argument) => argument.startsWith('--user-data-dir='))?.slice('--user-data-dir='.length) ?? '';
    expect(existsSync(profile)).toBe(true);

    // Asked of the browser itself: the address is good for one visit.
    const titles = async (): Promise<readonly string[]> => {
      const [port = ''] = readFileSync(join(profile, 'DevToolsActivePort'), 'utf8').split('\n');
      const pages = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as readonly { readonly title: string }[];
      return pages.map(({ title }) => title);
    };
    await expect.poll(() => titles().catch(() => []), { timeout: 60_000 }).toContainEqual(expect.stringContaining('Latchkey'));
    process.kill(first?.pid ?? 0, 'SIGTERM');
    await expect.poll(start.output, { timeout: 60_000 }).toContain('The window is closed, and Latchkey goes on as it does from the tray.');
    expect(existsSync(profile)).toBe(false);
    expect(await npmStart(env).ended).toBe(0);
    await expect.poll(() => windows().length, { timeout: 60_000 }).toBe(2);
    expect(windows()[1]?.args[0]).not.toBe(first?.args[0]);

    start.child.kill('SIGTERM');
    expect(await start.ended).toBe(0);
    expect(() => process.kill(windows()[1]?.pid ?? 0, 0)).toThrow();
  }, 180_000);

  it.runIf(process.platform === 'linux')('prints the address where a Chromium cannot open a window, or none is wanted', async () => {
    const bin = join(folder, 'bin-without');
    mkdirSync(bin);
    writeFileSync(join(bin, 'chromium'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const env = { LATCHKEY_AUTHORITY: '', DISPLAY: ':99', PATH: `${bin}:${process.env['PATH'] ?? ''}` };
    const start = npmStart({ ...env, LATCHKEY_HOME: join(folder, 'no-window') });
    await expect.poll(start.output, { timeout: 60_000 }).toMatch(/The window could not be opened\. Open it in a browser:\n {2}http:\/\/127\.0\.0\.1:\d+\/\S*token=/);
    start.child.kill('SIGTERM');
    expect(await start.ended).toBe(0);

    const told = npmStart({ ...env, LATCHKEY_HOME: join(folder, 'no-window'), LATCHKEY_WINDOW: 'none' });
    await told.welcomed;
    expect(addresses(told.output()).page).toContain('token=');
    told.child.kill('SIGTERM');
    expect(await told.ended).toBe(0);
  }, 120_000);
});
