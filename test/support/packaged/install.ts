import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { project } from '../build.ts';

/** `npm run package:install [-- FOLDER]`, as root on Debian or Ubuntu: installs the deb that `npm run package` made for this computer, with what it depends on. */
const dist = resolve(process.argv[2] ?? join(project, 'dist'));
const { version } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as { readonly version: string };
const deb = join(dist, `latchkey_${version}_${process.arch === 'arm64' ? 'arm64' : 'amd64'}.deb`);

if (!existsSync(deb)) {
  console.error(`There is no ${deb}: npm run package makes it, on Linux.`);
  process.exit(1);
}
if (process.getuid?.() !== 0) {
  console.error('Only root can install it: sudo env "PATH=$PATH" npm run package:install');
  process.exit(1);
}
const apt = (...args: readonly string[]): number => spawnSync('apt-get', [...args], { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).status ?? 1;
process.exit(apt('-q', 'update') || apt('-q', '-y', '--no-install-recommends', 'install', deb));
