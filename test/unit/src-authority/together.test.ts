import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../../src-authority/adapter/database.ts';
import type { Database } from '../../../src-authority/adapter/database.ts';
import { unwrap } from '../../../src-shared/result.ts';

let folder: string;
let database: Database;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-together-'));
  database = unwrap(openDatabase(join(folder, 'authority.db'), { now: 1, create: true }));
});
afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const add = (id: string) => (trx: Parameters<Parameters<Database['transact']>[0]>[0]) =>
  trx.insertInto('product').values({ id, name: id, kind: 'desktop' }).execute();
/** What somebody else who opens the file sees: only what was committed. */
const committed = (): readonly string[] => {
  const other = new BetterSqlite(join(folder, 'authority.db'), { readonly: true });
  const rows = other.prepare('SELECT id FROM product ORDER BY id').all() as readonly { readonly id: string }[];
  other.close();
  return rows.map(({ id }) => id);
};

test('everybody is answered after the commit that holds their work', async () => {
  const ids = Array.from({ length: 100 }, (_, index) => `p${String(index).padStart(3, '0')}`);
  await Promise.all(ids.map(async (id) => {
    await database.transact(add(id));
    expect(committed()).toContain(id);
  }));
  expect(committed()).toEqual(ids);
});

test('whoever comes a moment later shares the commit', async () => {
  const first = database.transact(add('a'));
  await new Promise((resolve) => setImmediate(resolve));
  const second = database.transact(add('b'));
  await first;
  expect(committed()).toEqual(['a', 'b']);
  await second;
});

test('what one throws undoes that one only', async () => {
  const work = ['a', 'b', 'c', 'd'].map((id) =>
    database.transact(async (trx) => {
      await add(id)(trx);
      if (id === 'b') throw new Error('b does not want to');
      return id;
    }));
  expect(await Promise.allSettled(work)).toMatchObject([
    { status: 'fulfilled', value: 'a' }, { status: 'rejected', reason: { message: 'b does not want to' } }, { status: 'fulfilled', value: 'c' }, { status: 'fulfilled', value: 'd' },
  ]);
  expect(committed()).toEqual(['a', 'c', 'd']);
});

test('a constraint that is broken fails its own work, and work goes on', async () => {
  const results = await Promise.allSettled([database.transact(add('a')), database.transact(add('a')), database.transact(add('b'))]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(committed()).toEqual(['a', 'b']);
  await database.transact(add('c'));
  expect(committed()).toEqual(['a', 'b', 'c']);
});

test('work sees what came before it in the same commit', async () => {
  const count = (): Promise<number> => database.transact(async (trx) => {
    const { many } = await trx.selectFrom('product').select((eb) => eb.fn.countAll<number>().as('many')).executeTakeFirstOrThrow();
    await add(`p${many}`)(trx);
    return many;
  });
  expect(await Promise.all([count(), count(), count()])).toEqual([0, 1, 2]);
});
