import fs from 'node:fs';
import http from 'node:http';
import { flushCompileCache, syncBuiltinESMExports } from 'node:module';
import { basename, dirname } from 'node:path';
import SQLite from 'better-sqlite3';

/**
 * Loaded before a program (`node --import trap.ts program`), it names every step that the program takes towards the disk or the
 * network, and ends the process by SIGKILL at the one it is told. The program itself knows nothing of it.
 *
 * A step is `sql insert lease`, `sql commit`, `fs rename latchkey.lklic`, `net POST /v1/leases/checkout`; the n-th of a name
 * within an operation is `<name>#n`. Told by the environment from the start, or by `{trap}` messages on the fork's channel.
 */
export type TrapOrder = { readonly at?: string; readonly moment?: 'before' | 'after'; readonly record?: boolean };

let order: TrapOrder | null = null;
let counts = new Map<string, number>();
let steps: string[] = [];
let flushed = false;

export const arm = (next: TrapOrder | null): void => {
  // A process that is killed leaves no compiled code behind: those after it would compile everything again.
  if (!flushed) flushCompileCache();
  flushed = true;
  order = next;
  counts = new Map();
  steps = [];
};
export const recorded = (): readonly string[] => steps;

const die = (): never => {
  process.kill(process.pid, 'SIGKILL');
  for (;;);
};

/** Counts the step; gives what must happen when it is done. */
const begin = (name: string): (() => void) => {
  if (order === null) return () => undefined;
  const n = (counts.get(name) ?? 0) + 1;
  counts.set(name, n);
  const step = `${name}#${n}`;
  if (order.record) {
    steps.push(step);
    if (record !== null) writeRaw(record, `${step}\n`);
  }
  if (order.at !== step) return () => undefined;
  if (order.moment === 'before') die();
  return die;
};
// Taken before they are wrapped: writing a step down is no step.
const writeRaw = fs.writeSync.bind(fs);
const record = process.env['LATCHKEY_TRAP_RECORD'] ? fs.openSync(process.env['LATCHKEY_TRAP_RECORD'], 'a') : null;

const settled = async (value: Promise<unknown>, done: () => void): Promise<unknown> => {
  const result = await value;
  done();
  return result;
};

type Any = (...args: unknown[]) => unknown;

const around = (target: object, member: string, nameOf: (self: unknown, args: readonly unknown[]) => string | null): void => {
  const bag = target as Record<string, Any>;
  const original = bag[member] as Any;
  bag[member] = function trapped(this: unknown, ...args: unknown[]): unknown {
    const name = nameOf(this, args);
    if (name === null) return original.apply(this, args);
    const done = begin(name);
    const last = args.at(-1);
    if (typeof last === 'function') {
      // A callback of node:fs: the step is done when it is called.
      args[args.length - 1] = (...results: unknown[]): void => {
        done();
        (last as Any)(...results);
      };
      return original.apply(this, args);
    }
    const value = original.apply(this, args);
    if (value instanceof Promise) {
      return settled(value, done);
    }
    done();
    return value;
  };
};

const verb = /^\s*(insert|update|delete|commit|rollback|begin|savepoint|release|create|drop|alter)\b(?:\s+or\s+\w+)?(?:\s+(?:into|from|table))?\s*"?([a-z_0-9]*)/i;
const sqlName = (text: string): string | null => {
  const [, what, on = ''] = verb.exec(text) ?? [];
  if (what === undefined) return null;
  const isTable = ['insert', 'update', 'delete', 'create', 'drop', 'alter'].includes(what.toLowerCase());
  return `sql ${what.toLowerCase()}${isTable ? ` ${on.toLowerCase()}` : ''}`;
};
const statement = new SQLite(':memory:').prepare('SELECT 1');
for (const member of ['run', 'get', 'all']) around(Object.getPrototypeOf(statement) as object, member, (self) => sqlName((self as { source: string }).source));
around(SQLite.prototype, 'exec', (_, [text]) => sqlName(String(text)));

/** Numbers of temporary files and ids are of one run only. */
const pathName = (path: unknown): string => basename(String(path)).replace(/\.\d{4,}$/, '.tmp').replace(/_[\w-]{22,}/g, '_id');
const opened = new Map<number, string>();
const openSync = fs.openSync;
fs.openSync = ((...args: Parameters<typeof openSync>) => {
  const file = openSync(...args);
  opened.set(file, pathName(args[0]));
  return file;
}) as typeof openSync;
const open = fs.open as unknown as Any;
(fs as unknown as Record<string, Any>)['open'] = (...args: unknown[]) => {
  const last = args.at(-1) as Any;
  args[args.length - 1] = (error: unknown, file: number): void => {
    if (!error) opened.set(file, pathName(args[0]));
    last(error, file);
  };
  return open(...args);
};
const isOurs = (path: unknown): boolean => typeof path === 'string' && !path.includes('node_modules') && dirname(path) !== '/dev';
for (const member of ['writeSync', 'fsyncSync', 'write', 'fsync']) {
  around(fs, member, (_, [file]) => (opened.has(file as number) && (file as number) > 2 ? `fs ${member.replace('Sync', '')} ${opened.get(file as number)}` : null));
}
for (const member of ['writeFileSync', 'renameSync', 'rmSync', 'unlinkSync', 'rename', 'unlink']) {
  around(fs, member, (_, [path]) => (isOurs(path) ? `fs ${member.replace('Sync', '')} ${pathName(path)}` : null));
}
syncBuiltinESMExports();

const route = (url: string): string => new URL(url, 'http://x').pathname.replace(/\/[a-z]{3}_[\w-]{6,}/g, '/:id');
around(globalThis, 'fetch', (_, [url, init]) => {
  const path = route(String(url));
  // The stream of events comes and goes by itself.
  return path.endsWith('/events') ? null : `net ${(init as RequestInit | undefined)?.method ?? 'GET'} ${path}`;
});
around(http.ServerResponse.prototype, 'end', (self) => {
  const { req } = self as { req?: http.IncomingMessage };
  return req?.url === undefined || req.url.endsWith('/events') ? null : `net answer ${req.method} ${route(req.url)}`;
});

if (process.env['LATCHKEY_TRAP_AT']) {
  const [at = '', moment] = process.env['LATCHKEY_TRAP_AT'].split('|');
  arm({ at, moment: moment === 'after' ? 'after' : 'before' });
} else if (process.env['LATCHKEY_TRAP_RECORD']) arm({ record: true });

if (process.channel) {
  process.on('message', (message: { readonly trap?: TrapOrder | null; readonly ask?: true }) => {
    if (message.ask) process.send?.({ steps });
    else if ('trap' in message) {
      arm(message.trap ?? null);
      process.send?.({ armed: true });
    }
  });
  process.channel.unref();
}
