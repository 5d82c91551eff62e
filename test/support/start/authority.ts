import { fork, spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { project } from '../build.ts';
import { demoFile } from './demo.ts';

const program = join(project, 'src-cli/authority.ts');
const leash = pathToFileURL(join(import.meta.dirname, 'leash.ts')).href;

/** So that a browser's bookmark and the app's stored address hold from one start to the next. */
const usualPort = 4640;

/** `process`: null where another start of this folder runs it. */
export type LocalAuthority = { readonly url: string; readonly keyset: string; readonly process: ChildProcess | null };
type Serving = { readonly url: string; readonly authority: string };

/**
 * Starts the authority of the demo organizations; its state is kept in `folder` from one start to the next. With the port
 * taken, or 0, it gets another one. One that runs already is used as it is: a home is served by one process.
 */
export async function startAuthority(folder: string, port = usualPort): Promise<LocalAuthority> {
  const home = join(folder, 'authority');
  const keyset = join(folder, 'authority.lkkeys');
  const marker = join(folder, 'loaded');
  const noted = join(folder, 'serving.json');
  const serving = existsSync(keyset) ? await servingNow(noted) : null;
  if (serving !== null) return { url: serving.url, keyset, process: null };
  const demo = createHash('sha256').update(readFileSync(demoFile)).digest('hex');
  if (!existsSync(marker)) {
    // Left half made by a start that was interrupted.
    rmSync(home, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    await command(home, ['init']);
  }
  if (!existsSync(marker) || readFileSync(marker, 'utf8') !== demo) {
    await command(home, ['load', demoFile]);
    writeFileSync(marker, demo);
  }
  await command(home, ['keys', 'export', '--out', keyset]);
  const served = await serve(home, port).catch((error: unknown) => (port === 0 ? Promise.reject(error) : serve(home, 0)));
  writeFileSync(noted, JSON.stringify(served.serving));
  return { url: served.serving.url, keyset, process: served.process };
}

/** The authority that an earlier start noted, if it still answers. */
async function servingNow(noted: string): Promise<Serving | null> {
  try {
    const { url, authority } = JSON.parse(readFileSync(noted, 'utf8')) as Serving;
    const reply = await fetch(`${url}/v1/authority`, { signal: AbortSignal.timeout(5000) });
    const { value } = (await reply.json()) as { readonly value?: { readonly authority?: string } };
    return value?.authority === authority ? { url, authority } : null;
  } catch {
    return null;
  }
}

async function serve(home: string, port: number): Promise<{ readonly serving: Serving; readonly process: ChildProcess }> {
  const child = fork(program, ['serve', '--host', '127.0.0.1', '--port', String(port), '--home', home], {
    cwd: project, silent: true, execArgv: ['--import', leash], env: childEnvironment(),
  });
  const errors: string[] = [];
  child.stderr?.setEncoding('utf8').on('data', (text: string) => { errors.push(text); errors.splice(0, errors.length - 50); });
  const serving = await new Promise<Serving>((ready, failed) => {
    child.once('error', failed);
    child.once('exit', (status) => failed(new Error(`The authority ended (${status}):\n${errors.join('')}`)));
    createInterface({ input: child.stdout as NonNullable<ChildProcess['stdout']> }).on('line', (line) => {
      const told = servingIn(line);
      if (told !== null) ready(told);
    });
  });
  return { serving, process: child };
}

const servingIn = (line: string): Serving | null => (line.startsWith('{"url":') ? (JSON.parse(line) as Serving) : null);

const childEnvironment = (): NodeJS.ProcessEnv => ({ ...process.env, NODE_OPTIONS: undefined });

function command(home: string, args: readonly string[]): Promise<void> {
  return new Promise((done, failed) => {
    const output: string[] = [];
    const child = spawn(process.execPath, [program, ...args, '--home', home], { cwd: project, stdio: ['ignore', 'pipe', 'pipe'], env: childEnvironment() });
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => output.push(text));
    child.once('error', failed);
    child.once('close', (status) => {
      if (status === 0) done();
      else failed(new Error(`authority ${args.join(' ')} ended with ${status}:\n${output.join('')}`));
    });
  });
}
