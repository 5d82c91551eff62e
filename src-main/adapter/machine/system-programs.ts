import childProcess from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

/**
 * SECURITY: the libraries that read this computer start programs of the system by their names. Who runs Latchkey decides where
 * names are looked for: a program of their own called `cat` would say what they like. So the libraries are given a
 * `child_process` that looks in the system's own folders only, and that loads nothing else into what it starts.
 */

const windows = existsSync('C:\\Windows\\System32\\reg.exe') ? 'C:\\Windows' : (process.env['SystemRoot'] ?? 'C:\\Windows');

/** The folder of a system program on Windows. */
export const system32 = `${windows}\\System32`;

const systemPath = process.platform === 'win32'
  ? [system32, windows, `${system32}\\Wbem`, `${system32}\\WindowsPowerShell\\v1.0`].join(';')
  // The last one is NixOS's.
  : '/usr/sbin:/usr/bin:/sbin:/bin:/run/current-system/sw/bin';

const isReplaced = (name: string): boolean => /^(PATH|PATHEXT|ENV|BASH_ENV|IFS|LD_.*|DYLD_.*)$/i.test(name);

/** An environment in which a name means the system's own program. */
export const systemEnvironment = (given: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(given).filter(([name]) => !isReplaced(name))), PATH: systemPath,
});

type Options = { readonly env?: NodeJS.ProcessEnv };
const isOptions = (value: unknown): value is Options => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The arguments of any function of `child_process`: what to start, its arguments, options, a callback. */
const restricted = (given: readonly unknown[]): readonly unknown[] => {
  const at = given.findIndex((each, index) => index > 0 && isOptions(each));
  const options = at < 0 ? {} : given[at];
  const safe = { ...(isOptions(options) ? options : {}), env: systemEnvironment(isOptions(options) ? options.env : undefined) };
  if (at >= 0) return given.with(at, safe);
  const place = Array.isArray(given[1]) ? 2 : 1;
  return [...given.slice(0, place), safe, ...given.slice(place).filter((each) => each !== undefined)];
};

type Start = (...given: never[]) => unknown;

const restrict = <F extends Start>(start: F): F => new Proxy(start, {
  apply: (target, self, given: readonly unknown[]) => Reflect.apply<unknown, readonly unknown[], unknown>(target as unknown as (...all: readonly unknown[]) => unknown, self, restricted(given)),
  get: (target, name): unknown => {
    const value: unknown = Reflect.get(target, name);
    return name === promisify.custom && typeof value === 'function' ? (...given: readonly unknown[]): unknown => Reflect.apply(value, target, restricted(given)) : value;
  },
});

const { exec, execSync, execFile, execFileSync, spawn, spawnSync } = childProcess;
const all = { exec, execSync, execFile, execFileSync, spawn, spawnSync };
const onlySystems = {
  exec: restrict(exec), execSync: restrict(execSync), execFile: restrict(execFile), execFileSync: restrict(execFileSync), spawn: restrict(spawn), spawnSync: restrict(spawnSync),
};

/** For work that starts its program before it returns, by `child_process` as it finds it then. */
export const withSystemPrograms = <T>(work: () => T): T => {
  Object.assign(childProcess, onlySystems);
  try {
    return work();
  } finally {
    Object.assign(childProcess, all);
  }
};

/** For a library that takes the functions of `child_process` when it is loaded: it has the restricted ones for good. Modules that import them by name keep their own. */
export const loadingWithSystemPrograms = async <T>(load: () => Promise<T>): Promise<T> => {
  Object.assign(childProcess, onlySystems);
  try {
    return await load();
  } finally {
    Object.assign(childProcess, all);
  }
};
