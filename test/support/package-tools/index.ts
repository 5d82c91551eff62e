import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { project } from '../build.ts';

/**
 * The tools to which electron-builder hands over at the end of each target (fpm, mksquashfs, makensis, 7za, dmgbuild, codesign, ...),
 * replaced by one that writes down what it is asked and makes an empty result: so everything before the tool is electron-builder's
 * own, on any system and without a network. The variables are read in electron-builder's app-builder-lib/out/toolsets and dmg-builder.
 */
export type ToolCall = z.infer<typeof toolCall>;

const toolCall = z.object({
  tool: z.string(), args: z.array(z.string()), input: z.string(),
  /** Text files that the call refers to, by the name it has there: scripts, desktop entries, settings. */
  files: z.record(z.string(), z.string()),
  /** What it refers to and is not there. */
  missing: z.array(z.string()),
});

const recorder = join(import.meta.dirname, 'recorder.mjs');

export function createPackageTools(folder: string): { readonly env: Readonly<Record<string, string>>; readonly calls: () => readonly ToolCall[] } {
  const log = join(folder, 'calls.jsonl');
  const tool = (path: string, name: string): string => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\nexec '${process.execPath}' '${recorder}' '${log}' ${name} "$@"\n`);
    chmodSync(file, 0o755);
    return file;
  };
  const fill = (path: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), 'a tool of electron-builder');
  };
  for (const name of ['codesign', 'sips', 'wine']) tool(join('bin', name), name);
  for (const path of ['mksquashfs', 'linux-x64/mksquashfs', 'linux-arm64/mksquashfs', 'darwin/mksquashfs']) tool(join('appimage', path), 'mksquashfs');
  for (const path of ['desktop-file-validate', 'linux-x64/desktop-file-validate', 'linux-arm64/desktop-file-validate', 'darwin/desktop-file-validate', 'runtimes/runtime-x64', 'runtimes/runtime-arm64', 'runtime-x64', 'runtime-arm64', 'lib/x64/lib.so', 'lib/arm64/lib.so']) fill(join('appimage', path));
  for (const path of ['linux/makensis', 'makensis']) tool(join('nsis', path), 'makensis');
  for (const path of ['nsis/elevate.exe', 'nsis-resources/plugins/x86-unicode/plugin.dll']) fill(path);
  mkdirSync(join(folder, 'icons'), { recursive: true });
  cpSync(join(import.meta.dirname, 'icon-tool.mjs'), join(folder, 'icons/icon-tool.js'));
  cpSync(join(project, 'assets/icons/256x256.png'), join(folder, 'icons/image.png'));
  writeFileSync(join(folder, 'icons/package.json'), JSON.stringify({ type: 'module' }));
  return {
    env: {
      PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
      CUSTOM_FPM_PATH: tool('fpm', 'fpm'),
      APPIMAGE_TOOLS_PATH: join(folder, 'appimage'),
      ELECTRON_BUILDER_7ZIP_PATH: tool('7za', '7za'),
      ELECTRON_BUILDER_NSIS_DIR: join(folder, 'nsis'),
      ELECTRON_BUILDER_NSIS_RESOURCES_DIR: join(folder, 'nsis-resources'),
      ELECTRON_BUILDER_ICONS_TOOLSET_DIR: join(folder, 'icons'),
      CUSTOM_DMGBUILD_PATH: tool('dmgbuild', 'dmgbuild'),
    },
    calls: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').map((line) => toolCall.parse(JSON.parse(line))) : []),
  };
}
