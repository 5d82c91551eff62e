import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { sandboxFacts, sandboxRefusal, type SandboxRefusal } from './sandbox.ts';

export type Runtime =
  | { readonly kind: 'electron'; readonly binary: string }
  | { readonly kind: 'preview'; readonly why: string };

const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));

/** Electron's program, if it has been fetched. */
export function electronBinary(): string | null {
  const named = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  const pathFile = join(folder, 'path.txt');
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : 'electron';
  const binary = join(named ?? join(folder, 'dist'), name);
  return existsSync(binary) ? binary : null;
}

/**
 * Electron where it is there, or can be fetched and seen; else the stand-in, with the reason. `LATCHKEY_RUNTIME` set to
 * `electron` or `preview` decides by itself.
 */
export async function chooseRuntime(told: (line: string) => void): Promise<Runtime> {
  const wanted = process.env['LATCHKEY_RUNTIME'];
  if (wanted === 'preview') return { kind: 'preview', why: 'LATCHKEY_RUNTIME says so' };
  if (wanted !== 'electron') {
    if (!hasDisplay()) return { kind: 'preview', why: 'there is no display' };
    if (process.platform === 'linux' && process.getuid?.() === 0) return { kind: 'preview', why: asRoot.why };
  }
  const found = await ensureElectron(told);
  return typeof found === 'string' ? withSandbox(found, told) : { kind: 'preview', why: found.why };
}

/** Electron's program: it is there, or it is fetched; else why not. */
export async function ensureElectron(told: (line: string) => void): Promise<string | { readonly why: string }> {
  const there = electronBinary();
  if (there !== null) return there;
  if (!(await canFetch())) return { why: "Electron's program is not here and cannot be fetched from this network" };
  told('Fetching Electron, once ...');
  await fetchElectron();
  return electronBinary() ?? { why: 'fetching Electron failed' };
}

const asRoot: SandboxRefusal = { why: "Electron's sandbox does not run as root", next: 'Start as a user who is not root.' };

/** Why this program would end at once, where its sandbox cannot start. */
export const refusalOf = (binary: string): SandboxRefusal | null =>
  process.platform !== 'linux' ? null : process.getuid?.() === 0 ? asRoot : sandboxRefusal(binary, sandboxFacts(binary));

/** The stand-in is shown where Electron would end at once, unless Electron was asked for. */
function withSandbox(binary: string, told: (line: string) => void): Runtime {
  const refusal = refusalOf(binary);
  if (refusal === null) return { kind: 'electron', binary };
  if (process.env['LATCHKEY_RUNTIME'] === 'electron') throw new Error(`${refusal.why}.\n${refusal.next}\nLATCHKEY_RUNTIME=preview shows the app on the stand-in.`);
  told(refusal.next);
  return { kind: 'preview', why: refusal.why };
}

export const hasDisplay = (): boolean => process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);

/** A closed network may refuse at once or swallow the question: either is known within three seconds. */
async function canFetch(): Promise<boolean> {
  const mirror = process.env['ELECTRON_MIRROR'] ?? process.env['npm_config_electron_mirror'] ?? 'https://github.com/electron/electron/releases/';
  try {
    await fetch(mirror, { method: 'HEAD', signal: AbortSignal.timeout(3000) });
    return true;
  } catch {
    return false;
  }
}

function fetchElectron(): Promise<void> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [join(folder, 'install.js')], { stdio: ['ignore', 'ignore', 'inherit'], timeout: 5 * 60_000 });
    child.once('error', () => done());
    child.once('close', () => done());
  });
}
