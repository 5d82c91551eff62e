import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openDatabase } from '../../../src-authority/adapter/database.ts';
import type { Database } from '../../../src-authority/adapter/database.ts';
import { prepared } from '../../../src-authority/adapter/prepared.ts';
import { unwrap } from '../../../src-shared/result.ts';

let folder: string;
let database: Database;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-prepared-'));
  database = unwrap(openDatabase(join(folder, 'authority.db'), { now: 1, create: true }));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const insert = prepared((db, p: { id: string; name: string }) => db.insertInto('product').values({ id: p.id, name: p.name, kind: 'desktop' }));
const find = prepared((db, p: { name: string; most: number }) =>
  db.selectFrom('product').leftJoin('license', 'license.product', 'product.id').where('product.name', '=', p.name).where('product.kind', '=', 'desktop').orderBy('product.id').limit(p.most).select('product.id'));

test('a prepared query runs with the values of each call, in a transaction and outside of one', async () => {
  await database.transact(async (trx) => {
    for (const id of ['a', 'b', 'c']) await insert(trx, { id, name: id === 'c' ? 'other' : 'same' });
    expect(await find(trx, { name: 'same', most: 5 })).toEqual([{ id: 'a' }, { id: 'b' }]);
  });
  expect(await find(database.db, { name: 'same', most: 1 })).toEqual([{ id: 'a' }]);
  expect(await find(database.db, { name: 'none', most: 1 })).toEqual([]);
});

test('SQLite plans a prepared query once, whatever values it is given', async () => {
  await database.transact((trx) => insert(trx, { id: 'a', name: 'same' }));
  // For each plan better-sqlite3 makes another function that makes rows.
  const made = vi.spyOn(globalThis, 'Function');
  for (const most of [1, 2, 0, 1, 5]) await find(database.db, { name: 'same', most });
  expect(made.mock.calls.length).toBe(1);
});

test('a question mark that is no parameter is a defect, and is not taken for one', async () => {
  const wrong = prepared((db, p: { id: string }) => ({ compile: () => sql<{ id: string }>`SELECT id FROM product WHERE id = ${p.id} AND name <> '?'`.compile(db) }));
  await expect(wrong(database.db, { id: 'a' })).rejects.toThrow('question mark');
});
