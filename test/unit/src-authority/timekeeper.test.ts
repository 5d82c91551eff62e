import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../../src-authority/adapter/database.ts';
import type { Database } from '../../../src-authority/adapter/database.ts';
import { createTimekeeper } from '../../../src-authority/clock/timekeeper.ts';
import { unwrap } from '../../../src-shared/result.ts';
import { HOUR } from '../../../src-shared/time.ts';
import { settableClock } from '../../support/authority.ts';

const START = 2_000_000_000;
let folder: string;
let database: Database;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-timekeeper-'));
  database = unwrap(openDatabase(join(folder, 'authority.db'), { now: 1, create: true }));
});
afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const keeper = async () => {
  const clock = settableClock(START);
  const computer = { running: 100, reads: 0 };
  const time = await createTimekeeper({
    database, clock,
    uptime: () => {
      computer.reads += 1;
      return { boot: 'boot', seconds: computer.running };
    },
  });
  return { clock, computer, time };
};
const highest = async (): Promise<number> => (await database.db.selectFrom('authority_time').select('highest').executeTakeFirstOrThrow()).highest;

test('how long the computer has run is looked up once in a second, however many checkouts come in it', async () => {
  const { clock, computer, time } = await keeper();
  clock.advance(1);
  computer.running += 1;
  computer.reads = 0;
  for (let checkout = 0; checkout < 20; checkout += 1) {
    time.clock.now();
    unwrap(await database.transact(time.judge));
  }
  expect(computer.reads).toBe(1);
});

test('a clock that was right for hours, and then jumps by more than the tolerance, is found out by the time that has passed', async () => {
  const { clock, computer, time } = await keeper();
  for (let passed = 0; passed < 5 * HOUR; passed += HOUR / 2) {
    clock.advance(HOUR / 2);
    computer.running += HOUR / 2;
    expect(await database.transact(time.judge)).toMatchObject({ ok: true, value: clock.now() });
  }
  const right = clock.now();
  clock.advance(HOUR + 1);
  expect(await database.transact(time.judge)).toMatchObject({ ok: false, code: 'CLOCK_ROLLED_BACK', details: { why: 'authority', problem: 'jump', at: right } });
  expect(time.clock.now()).toBe(right);
});

test('a time that was signed by work that was undone is kept by the work behind it in the same commit', async () => {
  const { clock, time } = await keeper();
  clock.advance(10);
  const sign = async (trx: Parameters<Parameters<Database['transact']>[0]>[0]): Promise<void> => {
    const now = unwrap(await time.judge(trx));
    await time.signed(trx, now);
    await time.signed(trx, now);
  };
  const undone = database.transact(async (trx) => {
    await sign(trx);
    throw new Error('undone');
  });
  const done = database.transact(sign);
  await expect(undone).rejects.toThrow('undone');
  await done;
  expect(await highest()).toBe(START + 10);
});
