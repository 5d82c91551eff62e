import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readOpenedFile } from '../../../src-main/shell/opened-file.ts';

let folder = '';
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'latchkey-opened-')); });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

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
