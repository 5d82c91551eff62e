import { join } from 'node:path';

/** A program that a build made, ready to be started. */
export type PackagedProgram = { readonly name: string; readonly command: string; readonly env: Readonly<Record<string, string>> };

export type Computer = { readonly platform: NodeJS.Platform; readonly arch: string; readonly exists: (path: string) => boolean };

/** Where electron-builder puts what it made for this computer (app-builder-lib, out/platformPackager.js, "computeAppOutDir"), and the installed deb. */
export function packagedPrograms(dist: string, version: string, { platform, arch, exists }: Computer): { readonly found: readonly PackagedProgram[]; readonly missing: readonly string[] } {
  const suffix = arch === 'arm64' ? '-arm64' : '';
  const plain = (name: string, command: string): PackagedProgram => ({ name, command, env: {} });
  const expected: readonly PackagedProgram[] =
    platform === 'win32' ? [plain('the unpacked app', join(dist, `win${suffix}-unpacked`, 'Latchkey.exe'))]
    : platform === 'darwin' ? [plain('the app', join(dist, `mac${suffix}`, 'Latchkey.app/Contents/MacOS/Latchkey'))]
    : [
      // Without a FUSE, as in many containers.
      { name: 'the AppImage', command: join(dist, `Latchkey-${version}${suffix}.AppImage`), env: { APPIMAGE_EXTRACT_AND_RUN: '1' } },
      plain('the installed deb', '/opt/Latchkey/latchkey'),
    ];
  return { found: expected.filter(({ command }) => exists(command)), missing: expected.filter(({ command }) => !exists(command)).map(({ name, command }) => `${name} (${command})`) };
}
