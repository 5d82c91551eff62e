import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export type Start = {
  readonly command: string;
  readonly args?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly home: string;
  readonly patienceMs?: number;
};

/** What the log of a start says once the window has painted, and once the program of its page has asked main what there is. */
const signs = ['page.painted', 'page.started'] as const;

/**
 * Starts a packaged app with a home of its own, waits until its log says that the page is there, asks it to quit by a second start
 * with `--quit`, and sees that both end well and that a store is left. Throws with what it said otherwise. By its log, because a
 * packaged app lets nobody look into its page.
 */
export async function startOnce({ command, args = [], env, home, patienceMs = 120_000 }: Start): Promise<void> {
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

  const log = (): string => (existsSync(join(home, 'logs/latchkey.log')) ? readFileSync(join(home, 'logs/latchkey.log'), 'utf8') : '');
  const app = begin([]);
  try {
    const died = app.ended.then((status) => { throw failed(`it ended by itself (${status})`); });
    died.catch(() => undefined);
    await within('its page did not come', Promise.race([untilAll(log), died]));
    const second = begin(['--quit']);
    const [last, first] = await within('it did not quit', Promise.all([second.ended, app.ended]));
    if (last !== 0 || first !== 0) throw failed(`it ended with ${first}, and the start that asked it to with ${last}`);
    const faults = log().split('\n').filter((line) => /"event":"(defect|start\.(?:failed|defect)|page\.(?!painted|started))/.test(line));
    if (faults.length > 0) throw failed(`its log says\n${faults.join('\n')}`);
    if (!existsSync(join(home, 'latchkey.db'))) throw failed(`there is no latchkey.db in ${home}`);
  } finally {
    // First as a person's system does it, so that it takes along what it started.
    app.child.kill('SIGTERM');
    const force = setTimeout(() => app.child.kill('SIGKILL'), 10_000);
    await app.ended;
    clearTimeout(force);
  }
}

async function untilAll(log: () => string): Promise<void> {
  while (!signs.every((event) => log().includes(`"event":"${event}"`))) await pause(250);
}
