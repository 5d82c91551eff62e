import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import WebSocket from 'ws';
import { z } from 'zod';

export type Start = {
  readonly command: string;
  readonly args?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly home: string;
  /** What the address of its page begins with. */
  readonly address?: string;
  readonly patienceMs?: number;
};
export type Seen = { readonly heading: string; readonly title: string };

const targets = z.array(z.object({ type: z.string(), url: z.string(), title: z.string(), webSocketDebuggerUrl: z.string().optional() }));

/**
 * Starts a packaged app with a home of its own, waits until its page shows a heading, asks it to quit by a second start with
 * `--quit`, and sees that both end well and that a store is left. Throws with what it said otherwise. The page is looked at through
 * Chromium's debugging port, which no fuse takes away (electron/docs/api/command-line-switches.md, "--remote-debugging-port").
 */
export async function startOnce({ command, args = [], env, home, address = 'app://latchkey', patienceMs = 120_000 }: Start): Promise<Seen> {
  const port = await freePort();
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const said: string[] = [];
  const begin = (more: readonly string[]): { readonly child: ChildProcess; readonly ended: Promise<number | NodeJS.Signals | null> } => {
    const child = spawn(command, [...args, ...more], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env, LATCHKEY_HOME: home, LATCHKEY_AUTHORITY: '' } });
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => said.push(text));
    const ended = new Promise<number | NodeJS.Signals | null>((done) => {
      child.once('error', (error) => { said.push(String(error)); done(null); });
      child.once('exit', (status, signal) => done(signal ?? status));
    });
    return { child, ended };
  };
  const failed = (what: string): Error => new Error(`${command}: ${what}\n${said.join('').slice(-4000)}`);
  const within = async <T>(what: string, work: Promise<T>): Promise<T> => {
    const limit = new AbortController();
    const late = pause(patienceMs, undefined, { signal: limit.signal }).then(() => { throw failed(`${what}, after ${patienceMs / 1000} s`); });
    try {
      return await Promise.race([work, late]);
    } finally {
      limit.abort();
      late.catch(() => undefined);
    }
  };

  const app = begin([`--remote-debugging-port=${port}`]);
  try {
    const died = app.ended.then((status) => { throw failed(`it ended by itself (${status})`); });
    died.catch(() => undefined);
    const seen = await within('no page showed a heading', Promise.race([firstHeading(port, address), died]));
    const second = begin(['--quit']);
    const [last, first] = await within('it did not quit', Promise.all([second.ended, app.ended]));
    if (last !== 0 || first !== 0) throw failed(`it ended with ${first}, and the start that asked it to with ${last}`);
    const log = existsSync(join(home, 'logs/latchkey.log')) ? readFileSync(join(home, 'logs/latchkey.log'), 'utf8') : '';
    const faults = log.split('\n').filter((line) => /"event":"(defect|start\.failed|page\.gone)/.test(line));
    if (faults.length > 0) throw failed(`its log says\n${faults.join('\n')}`);
    if (!existsSync(join(home, 'latchkey.db'))) throw failed(`there is no latchkey.db in ${home}`);
    return seen;
  } finally {
    // First as a person's system does it, so that it takes along what it started.
    app.child.kill('SIGTERM');
    const force = setTimeout(() => app.child.kill('SIGKILL'), 10_000);
    await app.ended;
    clearTimeout(force);
  }
}

async function firstHeading(port: number, address: string): Promise<Seen> {
  for (;;) {
    const page = (await openPages(port)).find(({ type, url }) => type === 'page' && url.startsWith(address));
    const heading = page?.webSocketDebuggerUrl === undefined ? '' : await evaluate(page.webSocketDebuggerUrl, "document.querySelector('h1')?.textContent ?? ''").catch(() => '');
    if (page !== undefined && heading !== '') return { heading, title: page.title };
    await pause(250);
  }
}

async function openPages(port: number): Promise<z.infer<typeof targets>> {
  try {
    return targets.parse(await (await fetch(`http://127.0.0.1:${port}/json/list`)).json());
  } catch {
    return [];
  }
}

const evaluated = z.object({ result: z.object({ result: z.object({ value: z.string() }) }) });

function evaluate(url: string, expression: string): Promise<string> {
  const socket = new WebSocket(url);
  return new Promise<string>((done, refused) => {
    socket.once('error', refused);
    socket.once('close', () => refused(new Error('closed')));
    socket.once('open', () => socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression, returnByValue: true } })));
    socket.once('message', (data) => done(evaluated.parse(JSON.parse(String(data))).result.result.value));
  }).finally(() => socket.close());
}

function freePort(): Promise<number> {
  return new Promise((done, refused) => {
    const server = createServer();
    server.once('error', refused);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address !== null && typeof address === 'object' ? done(address.port) : refused(new Error('no port'))));
    });
  });
}
