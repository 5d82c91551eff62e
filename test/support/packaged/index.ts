import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { project } from '../build.ts';
import { compareVersions, newestNeed } from '../elf.ts';
import { packagedPrograms } from './programs.ts';
import { startOnce } from './start-once.ts';

/**
 * `npm run package:start [-- FOLDER]`: starts what `npm run package` made for this computer, once each, and says what it saw. Ends with
 * 1 where a program is missing, does not start, does not quit, or needs a newer system than docs/operations.md says.
 */
const dist = resolve(process.argv[2] ?? join(project, 'dist'));
const { version } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as { readonly version: string };
const faults: string[] = [];

const { found, missing } = packagedPrograms(dist, version, { platform: process.platform, arch: process.arch, exists: existsSync });
// A deb is installed by a person or by the workflow; without it the AppImage is still tried.
for (const each of missing) faults.push(`Missing: ${each}`);

for (const { name, command, env } of found) {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-packaged-'));
  try {
    await startOnce({ command, env, home: join(folder, 'home') });
    console.log(`Started, showed its page and quit: ${name}.`);
  } catch (error) {
    faults.push(error instanceof Error ? error.message : String(error));
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
  }
}

if (process.platform === 'linux') {
  const floor = /glibc (\d+\.\d+) or newer/.exec(readFileSync(join(project, 'docs/operations.md'), 'utf8'))?.[1] ?? '0';
  const unpacked = join(dist, process.arch === 'arm64' ? 'linux-arm64-unpacked' : 'linux-unpacked');
  const { version: needed, files } = existsSync(unpacked) ? newestNeed(unpacked, 'GLIBC') : { version: '0', files: [] };
  if (compareVersions(needed, floor) > 0) faults.push(`${files.join(', ')} need glibc ${needed}; docs/operations.md and the deb say ${floor}.`);
  else console.log(`The programs need glibc ${needed}; the deb asks for ${floor}.`);
}
if (process.platform === 'darwin') {
  const app = join(dist, process.arch === 'arm64' ? 'mac-arm64' : 'mac', 'Latchkey.app');
  const { status, stderr } = spawnSync('codesign', ['--verify', '--deep', '--strict', '--verbose=2', app], { encoding: 'utf8' });
  if (status !== 0) faults.push(`The signature of ${app} does not hold: ${stderr}`);
}

for (const fault of faults) console.error(fault);
process.exit(faults.length === 0 ? 0 : 1);
