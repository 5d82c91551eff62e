import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ensureBuilt, project } from '../build.ts';
import { writeElectronDistribution } from '../electron-distribution.ts';
import { createPackageTools, type ToolCall } from './index.ts';

export type System = 'linux' | 'win32' | 'darwin';

const flags: Readonly<Record<System, string>> = { linux: '--linux', win32: '--win', darwin: '--mac' };
const minutes = 60_000;

/**
 * electron-builder with the project's own configuration, for all targets of a system or for those named, on a distribution made
 * here and with tools that only write down their calls: no network, no display, no other system.
 */
export async function buildPackage(folder: string, system: System, targets: readonly string[] = []): Promise<{ readonly out: string; readonly calls: readonly ToolCall[] }> {
  await ensureBuilt('app');
  const { version } = createRequire(import.meta.url)('electron/package.json') as { version: string };
  mkdirSync(folder, { recursive: true });
  writeElectronDistribution(join(folder, 'electron'), version, system);
  const tools = createPackageTools(join(folder, 'tools'));
  execFileSync(process.execPath, [
    join(project, 'node_modules/electron-builder/cli.js'), flags[system], ...targets, '--publish', 'never', '--config', 'electron-builder.yml',
    `-c.electronDist=${join(folder, 'electron')}`, `-c.directories.output=${join(folder, 'out')}`,
  ], { cwd: project, stdio: 'pipe', timeout: 3 * minutes, env: { ...process.env, ...tools.env, CSC_IDENTITY_AUTO_DISCOVERY: 'false' } });
  return { out: join(folder, 'out'), calls: tools.calls() };
}
