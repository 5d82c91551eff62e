import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The project's folder. */
export const project = resolve(import.meta.dirname, '../..');

type Target = { readonly command: readonly string[]; readonly inputs: readonly string[]; readonly outputs: readonly string[] };

const common = ['src-shared', 'package.json', 'package-lock.json'];
const targets = {
  app: {
    command: ['node_modules/electron-vite/bin/electron-vite.js', 'build', '--logLevel', 'warn'],
    inputs: [...common, 'src-main', 'src-renderer', 'assets', 'electron.vite.config.ts', 'third-party.config.ts'],
    outputs: ['out/main/main.js', 'out/preload/preload.cjs', 'out/renderer/index.html'],
  },
  portal: {
    command: ['node_modules/vite/bin/vite.js', 'build', '--config', 'vite.portal.config.ts', '--logLevel', 'warn'],
    inputs: [...common, 'src-renderer', 'vite.portal.config.ts'],
    outputs: ['out/portal/index.html'],
  },
} as const satisfies Record<string, Target>;

export type BuildTarget = keyof typeof targets;

/** Builds what is older than its sources; says whether it had to. `told` hears of it before it begins. */
export async function ensureBuilt(name: BuildTarget, told: (name: BuildTarget) => void = () => undefined): Promise<boolean> {
  const { command, inputs, outputs } = targets[name];
  if (!isStale(inputs, outputs)) return false;
  return alone(name, async () => {
    // Whoever was first may have built it meanwhile.
    if (!isStale(inputs, outputs)) return false;
    told(name);
    await run(command);
    return true;
  });
}

/** One build of a target at a time, also from several processes; a lock whose holder has died is taken over. */
async function alone<T>(name: BuildTarget, work: () => Promise<T>): Promise<T> {
  const lock = join(project, `.latchkey/build-${name}.lock`);
  mkdirSync(dirname(lock), { recursive: true });
  while (!take(lock)) await sleep(200);
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function take(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (!holderLives(lock)) rmSync(lock, { force: true });
    return false;
  }
}

function holderLives(lock: string): boolean {
  try {
    process.kill(Number(readFileSync(lock, 'utf8')), 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A folder's own time counts too: it changes when a file in it is removed. */
export function isStale(inputs: readonly string[], outputs: readonly string[], root = project): boolean {
  const oldest = Math.min(...outputs.map((path) => statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0));
  return inputs.some((path) => newest(join(root, path)) > oldest);
}

function newest(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function run(command: readonly string[]): Promise<void> {
  return new Promise((done, failed) => {
    const output: string[] = [];
    const child = spawn(process.execPath, [...command], {
      cwd: project, stdio: ['ignore', 'pipe', 'pipe'],
      // A test says NODE_ENV=test, with which React is built for development: such a build would stay, and be measured and shown.
      env: { ...process.env, NODE_ENV: 'production' },
    });
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => output.push(text));
    child.once('error', failed);
    child.once('close', (status) => {
      if (status === 0) done();
      else failed(new Error(`The build failed (${status}):\n${output.join('')}`));
    });
  });
}
