import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { chooseRuntime } from '../../support/start/runtime.ts';

/** A computer with a display and Electron's program, whose kernel refuses namespaces: what `unshare` tries there fails. */
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-runtime-'));
  for (const [path, status] of [['bin/unshare', 1], ['electron/electron', 0]] as const) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), `#!/bin/sh\nexit ${status}\n`);
    chmodSync(join(folder, path), 0o755);
  }
  vi.stubEnv('PATH', join(folder, 'bin'));
  vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', join(folder, 'electron'));
  vi.stubEnv('DISPLAY', ':0');
  vi.stubEnv('LATCHKEY_RUNTIME', undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

describe.runIf(process.platform === 'linux')('npm start where the sandbox of Electron cannot start', () => {
  test('opens the stand-in, and says why and what to type for Electron', async () => {
    vi.spyOn(process, 'getuid').mockReturnValue(1000);
    const told: string[] = [];
    expect(await chooseRuntime((line) => told.push(line))).toEqual({ kind: 'preview', why: expect.stringMatching(/^Electron's sandbox cannot start: /) as string });
    expect(told.join('\n')).toContain(`sudo chmod 4755 '${join(folder, 'electron/chrome-sandbox')}'`);
  });

  test('says the same and opens nothing where Electron was asked for', async () => {
    vi.stubEnv('LATCHKEY_RUNTIME', 'electron');
    vi.spyOn(process, 'getuid').mockReturnValue(1000);
    await expect(chooseRuntime(() => undefined)).rejects.toThrow(/^Electron's sandbox cannot start: [^]*sudo chown root:root [^]*LATCHKEY_RUNTIME=preview/);
  });

  test('does not try it as root', async () => {
    vi.spyOn(process, 'getuid').mockReturnValue(0);
    expect(await chooseRuntime(() => undefined)).toEqual({ kind: 'preview', why: "Electron's sandbox does not run as root" });
    vi.stubEnv('LATCHKEY_RUNTIME', 'electron');
    await expect(chooseRuntime(() => undefined)).rejects.toThrow(/does not run as root[^]*not root/);
  });
});
