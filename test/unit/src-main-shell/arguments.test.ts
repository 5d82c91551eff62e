import { describe, expect, it } from 'vitest';
import { documentsIn, readArguments } from '../../../src-main/shell/arguments.ts';

const documents = (argv: readonly string[], cwd = '/', platform: NodeJS.Platform = 'linux'): readonly string[] => documentsIn(readArguments(argv), cwd, platform);

describe('the arguments of a start', () => {
  it('are switches by name and everything else in order, and the program is neither', () => {
    const { switches, others } = readArguments(['/opt/Latchkey/latchkey', '--hidden', 'one', '--name=a=b', '-x', '-', 'two']);
    expect([...switches]).toEqual([['hidden', ''], ['name', 'a=b'], ['x', '']]);
    expect(others).toEqual(['one', '-', 'two']);
  });

  it('mean the same after Chromium has put the switches first and added its own', () => {
    const first = readArguments(['latchkey', 'out/main/main.js', 'carried/a.lklic', '--hidden']);
    const later = readArguments(['latchkey', '--hidden', '--allow-file-access-from-files', '--enable-avfoundation', 'out/main/main.js', 'carried/a.lklic']);
    expect(later.others).toEqual(first.others);
    expect(later.switches.get('hidden')).toBe('');
  });

  it('after -- are never switches', () => {
    const { switches, others } = readArguments(['latchkey', '--hidden', '--', '--quit', '-x.lklic']);
    expect([...switches.keys()]).toEqual(['hidden']);
    expect(others).toEqual(['--quit', '-x.lklic']);
  });
});

describe('the documents of a start', () => {
  it('are found by their kind, whatever else is said, and made absolute', () => {
    expect(documents(['latchkey', '--no-sandbox', 'out/main/main.js', 'carried/Editor.LKLIC'], '/media/stick')).toEqual(['/media/stick/carried/Editor.LKLIC']);
    expect(documents(['latchkey', '/a.lkrcp', '/b.lkkeys'])).toEqual(['/a.lkrcp', '/b.lkkeys']);
    expect(documents(['latchkey', 'carried\\a.lklic', '\\\\server\\share\\b.lklic'], 'D:\\stick', 'win32')).toEqual(['D:\\stick\\carried\\a.lklic', '\\\\server\\share\\b.lklic']);
  });

  it('are no switch, not the program itself, no other address and no other kind of file', () => {
    expect(documents(['/opt/x.lklic', '--file=/a.lklic', '-x.lklic', 'notes.txt', 'lklic', 'https://example.com/a.lklic', 'latchkey://exchange/a.lklic'])).toEqual([]);
  });

  it.each(['latchkey:a.lklic', 'latchkey:/../home/mia/a.lklic', 'latchkey:../../home/mia/a.lklic', 'LATCHKEY:\\..\\a.lklic', 'latchkey:file:///home/mia/a.lklic'])('are never what a site has opened by an address of ours: %s', (address) => {
    for (const [cwd, platform] of [['/home', 'linux'], ['C:\\Users', 'win32']] as const) expect(documents(['latchkey', address], cwd, platform)).toEqual([]);
  });

  it.each([
    ['file:///home/mia/My%20licenses/Pr%C3%BCfung%20%231.lklic', '/home/mia/My licenses/Prüfung #1.lklic'],
    ['file://localhost/media/stick/a.lkrcp', '/media/stick/a.lkrcp'],
    ['FILE:///a.LKLIC', '/a.LKLIC'],
    ['file:///a%2Elklic', '/a.lklic'],
  ])('may be named as the address %s', (address, path) => {
    expect(documents(['latchkey', address], '/elsewhere')).toEqual([path]);
  });

  it('may be named by an address on Windows too', () => {
    expect(documents(['latchkey', 'file:///D:/My%20licenses/a.lklic'], 'C:\\', 'win32')).toEqual(['D:\\My licenses\\a.lklic']);
  });

  it.each(['file:///a%2Fb.lklic', 'file:///caf%E9.lklic', 'file://server/share/a.lklic'])('with the address %s are told as a file that is not there, and lead to no other computer', (address) => {
    for (const [cwd, platform] of [['/nowhere', 'linux'], ['C:\\nowhere', 'win32']] as const) {
      const [path = ''] = documents(['latchkey', address], cwd, platform);
      expect(path.startsWith(cwd)).toBe(true);
    }
  });
});
