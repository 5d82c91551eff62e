import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testData } from '../support/authority.ts';

/** `authority load` as an operator types it: real processes, one home. */

const program = join(import.meta.dirname, '../../src-cli/authority.ts');
let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'latchkey-load-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: readonly string[]) =>
  new Promise<{ readonly status: number; readonly stdout: string; readonly stderr: string }>((resolve) => {
    execFile(process.execPath, [program, ...args, '--home', join(folder, 'home')], { encoding: 'utf8' }, (error, stdout, stderr) =>
      resolve({ status: error ? Number(error.code ?? 1) : 0, stdout, stderr }));
  });
const write = (data: object): string => {
  const path = join(folder, 'data.json');
  writeFileSync(path, JSON.stringify(data));
  return path;
};
const auditRows = async (): Promise<number> => (await run('audit', 'export')).stdout.trim().split('\n').length;

test('what a changed file would do is shown first, what it leaves out is said, and people are reset only after a yes', async () => {
  await run('init');
  expect(await run('load', write(testData))).toMatchObject({ status: 0 });
  const [northlight, harbor] = testData.organizations;
  const changed = { ...testData, organizations: [{ ...northlight, users: northlight.users.slice(0, 4), licenses: northlight.licenses.slice(1).map((each) => (each.id === 'lic_single' ? { ...each, seats: 7 } : each)) }, harbor] };

  const before = await auditRows();
  const dry = await run('load', write(changed), '--dry-run');
  expect(dry.status).toBe(0);
  expect(dry.stdout).toContain('lic_single');
  expect(dry.stdout).toContain('seats 1 -> 7');
  expect(dry.stdout).toContain('reader@northlight.example');
  expect(await auditRows()).toBe(before);

  const unasked = await run('load', write(changed), '--reset-people', '--json');
  expect(unasked).toMatchObject({ status: 2, stdout: '' });
  expect(JSON.parse(unasked.stderr)).toMatchObject({ error: { code: 'INPUT_INVALID', details: { why: 'usage' } } });
  expect(await auditRows()).toBe(before);

  const loaded = await run('load', write(changed), '--reset-people', '--yes', '--json');
  expect(loaded).toMatchObject({ status: 0, stderr: '' });
  expect(JSON.parse(loaded.stdout)).toMatchObject({
    dryRun: false, changes: [{ id: 'lic_single', fields: { seats: { from: 1, to: 7 } } }], kept: [], leftOut: [{ kind: 'person', name: 'reader@northlight.example' }, { kind: 'license', id: 'lic_stage', seats: 5 }],
  });
  expect(await auditRows()).toBeGreaterThan(before);
});

test('an organization that the file gives another id is refused in words, and never as a defect', async () => {
  await run('init');
  await run('load', write(testData));
  const [northlight] = testData.organizations;
  const other = await run('load', write({ organizations: [{ ...northlight, id: 'org_other' }] }));
  expect(other).toMatchObject({ status: 3, stdout: '' });
  expect(other.stderr).toContain('org_other');
});
