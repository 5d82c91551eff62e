import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { project } from '../support/build.ts';

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
    expect(await answers(page)).toBe(true);
    expect(await answers(`${portal}/v1/keyset`)).toBe(true);

    const second = npmStart();
    expect(await second.ended).toBe(0);
    expect(second.output()).toContain('The app is running already');

    start.child.kill('SIGTERM');
    expect(await start.ended).toBe(0);
    expect([await answers(page), await answers(portal)]).toEqual([false, false]);
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
