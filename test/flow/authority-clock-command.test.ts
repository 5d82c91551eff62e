import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testData } from '../support/authority.ts';
import { createTestMachine } from '../support/machine.ts';

/** The computer's clock set ahead and back under real processes, where `faketime` is installed. */

const hasFaketime = (): boolean => {
  try {
    execFileSync('faketime', ['--version'], { stdio: 'ignore' });
    return existsSync('/proc/sys/kernel/random/boot_id');
  } catch {
    return false;
  }
};

const program = join(import.meta.dirname, '../../src-cli/authority.ts');
let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'latchkey-clock-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (shift: string | null, ...args: readonly string[]) =>
  new Promise<{ readonly status: number; readonly value: unknown }>((resolve) => {
    const command = [process.execPath, program, ...args, '--home', join(folder, 'home'), '--json'];
    const [file = '', ...rest] = shift === null ? command : ['faketime', '-f', shift, ...command];
    // Setting a clock moves no monotonic one.
    execFile(file, rest, { encoding: 'utf8', env: { ...process.env, FAKETIME_DONT_FAKE_MONOTONIC: '1' } }, (error, stdout, stderr) =>
      resolve({ status: error ? Number(error.code ?? 1) : 0, value: JSON.parse(error ? stderr : stdout) as unknown }));
  });

test.skipIf(!hasFaketime())('a clock that is set ahead by ten days is noticed by the next command, and so is its way back', async () => {
  await run(null, 'init');
  const data = join(folder, 'data.json');
  writeFileSync(data, JSON.stringify(testData));
  expect(await run(null, 'load', data)).toMatchObject({ status: 0 });
  const exported = await run(null, 'keys', 'export', '--out', join(folder, 'trust.lkkeys'));
  const { authority } = exported.value as { readonly authority: string };
  const answer = async (shift: string | null, name: string) => {
    const machine = await createTestMachine({ authority, clock: { now: () => Math.floor(Date.now() / 1000) }, name });
    const request = join(folder, `${name}.lkreq`);
    writeFileSync(request, await machine.request({ mode: 'offline' }));
    return run(shift, 'answer', request, '--license', 'lic_single', '--days', '5', '--out', join(folder, `${name}.lklic`));
  };
  const wrongClock = { status: 7, value: { error: { code: 'CLOCK_ROLLED_BACK', details: { why: 'authority' } } } };

  expect(await answer(null, 'A')).toMatchObject({ status: 0 });
  expect(await answer('+10d', 'B')).toMatchObject(wrongClock);
  expect(await run('+10d', 'clock')).toMatchObject({ status: 0, value: { wrong: 'jump' } });
  expect(await run('+10d', 'clock', '--accept')).toMatchObject({ status: 2, value: { error: { details: { why: 'usage' } } } });
  expect(await answer(null, 'B')).toMatchObject({ status: 3, value: { error: { code: 'SEAT_LIMIT_EXCEEDED' } } });

  expect(await run('+10d', 'clock', '--accept', '--yes')).toMatchObject({ status: 0, value: { wrong: null, accepted: true } });
  expect(await answer('+10d', 'B')).toMatchObject({ status: 0 });
  expect(await answer(null, 'C')).toMatchObject(wrongClock);
  expect(await run(null, 'clock')).toMatchObject({ status: 0, value: { wrong: 'behind' } });
  expect(await run(null, 'clock', '--accept', '--yes')).toMatchObject({ status: 0, value: { wrong: null } });
  // B holds the seat by what was promised, whatever the clock says now.
  expect(await answer(null, 'C')).toMatchObject({ status: 3, value: { error: { code: 'SEAT_LIMIT_EXCEEDED' } } });
});
