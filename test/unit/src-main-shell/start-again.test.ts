import { describe, expect, it, vi } from 'vitest';
import { readArguments } from '../../../src-main/shell/arguments.ts';

vi.mock('electron', () => ({ app: {} }));
const { argumentsAgain, relaunchOptions } = await import('../../../src-main/shell/start-again.ts');

describe('a start that came while the app was on its way out', () => {
  const again = (argv: readonly string[], cwd: string, platform: NodeJS.Platform): readonly string[] => argumentsAgain(readArguments(argv), cwd, platform);

  it('keeps its switches, its files by their whole path, and its address last', () => {
    expect(again(['latchkey', '--hidden', '--password-store=basic', '--allow-file-access-from-files', 'latchkey://picker', 'a.lklic', 'file:///media/b%20c.lkrcp', 'notes.txt'], '/media/stick', 'linux'))
      .toEqual(['--hidden', '--password-store=basic', '/media/stick/a.lklic', '/media/b c.lkrcp', 'latchkey://picker']);
    expect(again(['latchkey.exe', '--original-process-start-time=1', 'a.lklic'], 'D:\\stick', 'win32')).toEqual(['D:\\stick\\a.lklic']);
  });

  it('is of the same program; of an AppImage, of the image and not of the place where it is unpacked', () => {
    const facts = { packaged: true, main: '/src/out/main/main.js', platform: 'linux', env: {} } as const;
    expect(relaunchOptions(['/a.lklic'], facts)).toEqual({ args: ['/a.lklic'] });
    expect(relaunchOptions(['/a.lklic'], { ...facts, packaged: false })).toEqual({ args: ['/src/out/main/main.js', '/a.lklic'] });
    const env = { APPIMAGE: '/home/mia/Latchkey.AppImage' };
    expect(relaunchOptions([], { ...facts, env })).toEqual({ args: [], execPath: '/home/mia/Latchkey.AppImage' });
    // Another program's, inherited by this one.
    for (const other of [{ packaged: false }, { platform: 'darwin' as const }]) expect(relaunchOptions([], { ...facts, env, ...other }).execPath).toBeUndefined();
  });
});
