import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, test, vi } from 'vitest';

import { readArguments } from '../../../src-main/shell/arguments.ts';
import { bootOf, markRun } from '../../../src-main/shell/run-mark.ts';
import { switchesAgain } from '../../../src-main/shell/start-again.ts';
import { defectText, scrub } from '../../../src-main/shell/scrub.ts';

vi.mock('electron', () => ({ app: {} }));

describe('the text of a defect', () => {
  it('keeps where it happened', () => {
    const stack = "TypeError: Cannot read properties of undefined (reading 'seats')\n    at seatsOf (app://latchkey/assets/index-DlHWkY3n.js:12:3400)\n    at load (/opt/Latchkey/resources/app.asar/node_modules/@noble/curves/ed25519.js:7:1)";
    expect(scrub(stack)).toBe(stack);
  });

  it.each([
    ['a document', 'refused -----BEGIN LATCHKEY LICENSE FILE-----\neyJhbGciOi\n-----END LATCHKEY LICENSE FILE----- here', 'refused [document] here'],
    ['a document that is cut off', 'refused -----BEGIN LATCHKEY REQUEST-----\neyJhbGciOi', 'refused [document]'],
    ['a token', 'of eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoi.x', 'of […].x'],
    ['what is quoted and has no end', `refused "not for a log\n    at load (/opt/a.js:1:2)`, `refused "…"\n    at load (/opt/a.js:1:2)`],
    ['an address', 'for ann.berg+x@northlight.example.', 'for [address].'],
    ['an address of another script', 'for анна@почта.рф and ann@bücher.example', 'for [address] and [address]'],
    ['what a parser quotes', `Unexpected token 'o', "pass \\" word" is not valid JSON`, `Unexpected token 'o', "…" is not valid JSON`],
  ])('leaves out %s', (_what, text, left) => expect(scrub(text)).toBe(left));

  it.each(['["of a person",x]', '{"a":["of a person",x]}', `["of a person\\n",\n"of a person" x]`, `[${' '.repeat(40)}"of a person",x${' '.repeat(40)}]`])('says nothing of a text that is no JSON: %s', (text) => {
    let message = '';
    try {
      JSON.parse(text);
    } catch (error) {
      message = defectText(error);
    }
    expect(message).toContain('JSON');
    expect(message).not.toMatch(/person/);
  });

  it('is of no quotation that was cut off where a long text is', () => {
    expect(scrub(`${'x '.repeat(10)}"${'word '.repeat(10_000)}"`)).toBe(`${'x '.repeat(10)}"…"`);
  });

  it('is short, and of whatever was thrown', () => {
    expect(scrub('x '.repeat(50_000)).length).toBe(4000);
    expect([defectText('plain'), defectText(undefined), defectText(7n)]).toEqual(['plain', 'undefined', '7']);
    expect(defectText(new RangeError('no'))).toMatch(/^RangeError: no\n {4}at /);
  });
});

describe('the mark of a run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-run-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'running.json');

  it('tells how the run before ended', () => {
    const first = markRun(file, 1000, 'boot-a');
    expect([first.lastEnd, first.begun]).toEqual(['properly', null]);
    const afterCrash = markRun(file, 2000, 'boot-a');
    expect([afterCrash.lastEnd, afterCrash.begun]).toEqual(['unexpectedly', 1000]);
    const afterPowerLoss = markRun(file, 3000, 'boot-b');
    expect([afterPowerLoss.lastEnd, afterPowerLoss.begun]).toEqual(['with-computer', 2000]);
    afterPowerLoss.remove();
    expect(markRun(file, 4000, 'boot-b').lastEnd).toBe('properly');
  });

  it('claims nothing of a file that says nothing, writes through no link, and takes a home that cannot be written', () => {
    writeFileSync(file, '{"at":1');
    expect(markRun(file, 5000, 'boot-b').lastEnd).toBe('properly');
    rmSync(file);
    const elsewhere = join(folder, 'elsewhere.txt');
    writeFileSync(elsewhere, 'kept');
    symlinkSync(elsewhere, file);
    markRun(file, 6000, 'boot-b');
    expect(readFileSync(elsewhere, 'utf8')).toBe('kept');
    const nowhere = markRun(join(folder, 'absent/running.json'), 7000, 'boot-b');
    expect(nowhere.lastEnd).toBe('properly');
    nowhere.remove();
  });

  it('knows a run of the computer by its own name on Linux, and by its hour elsewhere', () => {
    expect(bootOf('linux', 10_000, () => '0f0f-boot\n', 50)).toBe('0f0f-boot');
    const absent = (): string => { throw new Error('ENOENT'); };
    expect(bootOf('linux', 720_010, absent, 10)).toBe('200');
    expect(bootOf('win32', 720_010, absent, 10)).toBe(bootOf('win32', 723_500, absent, 3490));
    expect(bootOf('darwin', 720_010, absent, 10)).not.toBe(bootOf('darwin', 730_000, absent, 10));
  });
});

test('a person who asks for a restart gets the same switches and a window, and nothing that was opened', () => {
  const argv = ['/usr/bin/latchkey', '--hidden', '/media/stick/a.lklic', 'file:///media/b%20c.lkrcp', 'latchkey://open/exchange', '--user-data-dir=/x', '--force-dark-mode'];
  expect(switchesAgain(readArguments(argv))).toEqual(['--user-data-dir=/x', '--force-dark-mode']);
});
