import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { project } from '../support/build.ts';
import { launchChromium } from '../support/electron-preview/chromium.ts';

const folder = mkdtempSync(join(tmpdir(), 'latchkey-start-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Start = { readonly child: ChildProcess; readonly output: () => string; readonly welcomed: Promise<void>; readonly ended: Promise<number | null> };
const started: ChildProcess[] = [];
afterEach(() => { for (const child of started.splice(0)) child.kill('SIGKILL'); });

function npmStart(env: Readonly<Record<string, string | undefined>> = {}): Start {
  const child = spawn(process.execPath, [join(project, 'test/support/start/index.ts')], {
    cwd: project, stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LATCHKEY_AUTHORITY: undefined, LATCHKEY_HOME: undefined, LATCHKEY_TRUST: undefined, LATCHKEY_RUNTIME: 'preview', LATCHKEY_DEMO: folder, ...env },
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
});
