import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isStale } from '../../support/build.ts';
import { demoPeople } from '../../support/start/demo.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'latchkey-stale-'));
  for (const folder of ['src/deep', 'out']) mkdirSync(join(root, folder), { recursive: true });
  for (const path of ['src/a.ts', 'src/deep/b.ts', 'out/a.js', 'out/b.js']) writeFileSync(join(root, path), '');
  for (const path of ['src/a.ts', 'src/deep/b.ts', 'src/deep', 'src']) at(path, 100);
  for (const path of ['out/a.js', 'out/b.js']) at(path, 200);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const at = (path: string, seconds: number) => utimesSync(join(root, path), seconds, seconds);
const stale = () => isStale(['src', 'not-there'], ['out/a.js', 'out/b.js'], root);

describe('a build', () => {
  it('is fresh while no source is newer', () => expect(stale()).toBe(false));
  it('is stale when a source was changed, however deep', () => {
    at('src/deep/b.ts', 300);
    expect(stale()).toBe(true);
  });
  it('is stale when a source was removed', () => {
    rmSync(join(root, 'src/deep/b.ts'));
    expect(stale()).toBe(true);
  });
  it('is stale when one of its files is missing or older than a source', () => {
    at('out/b.js', 50);
    expect(stale()).toBe(true);
    rmSync(join(root, 'out/b.js'));
    expect(stale()).toBe(true);
  });
});

describe('the demo people', () => {
  it('are told once each, with their password and every organization they belong to', () => {
    const people = demoPeople(JSON.stringify({ organizations: [
      { name: 'One', users: [{ email: 'a@x.example', name: 'A', password: 'p', role: 'owner' }] },
      { name: 'Two', users: [{ email: 'a@x.example', role: 'reader' }] },
    ] }));
    expect(people).toEqual([{ email: 'a@x.example', name: 'A', password: 'p', places: [{ organization: 'One', role: 'owner' }, { organization: 'Two', role: 'reader' }] }]);
  });
  it('of the project can all sign in', () => {
    expect(demoPeople().length).toBeGreaterThan(0);
    for (const person of demoPeople()) expect(person.password).not.toBe('');
  });
});
