import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentInArguments, readOpenedFile } from '../../../src-main/shell/opened-file.ts';

let folder = '';
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'latchkey-opened-')); });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a document on the command line', () => {
  it('is found by its kind, whatever else is said, and made absolute', () => {
    expect(documentInArguments(['latchkey', '--no-sandbox', 'out/main/main.js', 'carried/Editor.LKLIC'], '/media/stick')).toBe('/media/stick/carried/Editor.LKLIC');
    expect(documentInArguments(['latchkey', '/a.lkrcp', '/b.lkkeys'], '/')).toBe('/b.lkkeys');
  });

  it('is not a switch, not the program itself and not another kind of file', () => {
    expect(documentInArguments(['/opt/x.lklic', '--file=/a.lklic', '-x.lklic', 'notes.txt', 'lklic'], '/')).toBeNull();
  });
});

describe('reading a document that was opened', () => {
  it('gives its name and bytes', async () => {
    writeFileSync(join(folder, 'a.lklic'), 'text');
    expect(await readOpenedFile(join(folder, 'a.lklic'))).toEqual({ name: 'a.lklic', bytes: new TextEncoder().encode('text') });
  });

  it('stops one byte after the largest document, so that the parser sees it is too long', async () => {
    writeFileSync(join(folder, 'long.lklic'), Buffer.alloc(1024 * 1024, 'x'));
    expect((await readOpenedFile(join(folder, 'long.lklic'))).bytes.length).toBe(64 * 1024 + 1);
  });

  it('gives nothing of what is not there, not a file, or a pipe, and does not wait for one', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe.lklic')]);
    for (const name of ['nothing.lklic', 'pipe.lklic', '.']) expect((await readOpenedFile(join(folder, name))).bytes.length).toBe(0);
  });
});
