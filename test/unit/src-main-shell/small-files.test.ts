import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { markRun } from '../../../src-main/shell/run-mark.ts';
import { openSettings } from '../../../src-main/shell/settings-file.ts';
import { readWindowBounds } from '../../../src-main/shell/window-bounds.ts';

let home = '';
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'latchkey-small-'))));
afterEach(() => rmSync(home, { recursive: true, force: true }));
const file = (name: string): string => join(home, name);

describe('the settings of a home', () => {
  const settings = () => openSettings(home);
  const keep = (text: string): void => writeFileSync(file('settings.json'), text);

  it('are each for themselves: one that this version does not know takes no other away', () => {
    keep('{"language":"fr","closing":"quit","toldOfTray":true}');
    expect(settings().read()).toMatchObject({ closing: 'quit', toldOfTray: true });
    expect(settings().read().language).toBeUndefined();
  });

  it('of another version are kept when one is changed', () => {
    keep('{"language":"fr","later":{"a":1},"closing":"stay"}');
    settings().change({ closing: 'quit' });
    expect(JSON.parse(readFileSync(file('settings.json'), 'utf8'))).toEqual({ language: 'fr', later: { a: 1 }, closing: 'quit' });
    settings().change({ language: 'de' });
    expect(settings().read()).toMatchObject({ language: 'de', closing: 'quit' });
  });

  it.each(['[]', 'null', '"x"', '7', '{', '', '{"__proto__":{"closing":"quit"}}'])('that are none (%s) are those of a person who has chosen nothing, and can be changed', (text) => {
    keep(text);
    expect(settings().read().closing).toBeUndefined();
    settings().change({ closing: 'quit' });
    expect(settings().read().closing).toBe('quit');
  });
});

test('a file that is far too large to be ours is not read', () => {
  const large = ' '.repeat(300_000);
  writeFileSync(file('settings.json'), `{"closing":"quit"}${large}`);
  writeFileSync(file('running.json'), `{"at":1,"boot":"boot"}${large}`);
  writeFileSync(file('window.json'), `{"bounds":{"x":0,"y":0,"width":900,"height":700},"maximized":false}${large}`);
  expect([openSettings(home).read().closing, markRun(file('running.json'), 2, 'boot').lastEnd, readWindowBounds(file('window.json')).bounds]).toEqual([undefined, 'properly', null]);
});

/** In a process of its own: a reader that waits for a pipe would never come back. */
test.runIf(process.platform === 'linux').each(['settings.json', 'running.json', 'window.json'])('%s that is a pipe is not waited for', (name) => {
  execFileSync('mkfifo', [file(name)]);
  const module = name === 'settings.json' ? 'settings-file' : name === 'running.json' ? 'run-mark' : 'window-bounds';
  const call = name === 'settings.json' ? `openSettings(${JSON.stringify(home)})` : name === 'running.json' ? `markRun(${JSON.stringify(file(name))}, 1, 'boot')` : `readWindowBounds(${JSON.stringify(file(name))})`;
  const program = `import * as it from ${JSON.stringify(join(import.meta.dirname, `../../../src-main/shell/${module}.ts`))}; it.${call}; console.log('read');`;
  expect(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8', timeout: 60_000, killSignal: 'SIGKILL' })).toBe('read\n');
});
