import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../../src-authority/adapter/database.ts';
import { readAuditHead, writeAuditHead } from '../../../src-authority/adapter/audit-head.ts';
import { recordAudit } from '../../../src-authority/audit/audit.ts';
import { createRestored } from '../../../src-authority/restored/restored.ts';
import { unwrap } from '../../../src-shared/result.ts';
import { startAuthority } from '../../support/authority.ts';
import type { TestAuthority } from '../../support/authority.ts';

let a: TestAuthority;
beforeEach(async () => {
  a = await startAuthority();
  await a.stop();
});
afterEach(() => a.close());

test('a head that was read while another process wrote it is not taken for that of a newer database', async () => {
  const database = unwrap(openDatabase(join(a.home, 'authority.db'), { now: a.clock.now() }));
  try {
    const ground = { database, clock: a.clock, authority: a.id, publicUrl: () => a.url };
    const head = await readAuditHead(a.home);
    expect(head?.seq).toBeGreaterThan(0);
    const torn = { seq: head?.seq ?? 0, hash: `${'0'.repeat(20)}${head?.hash.slice(20)}` };
    expect(await (await createRestored(ground, a.home, torn)).refusal()).toBeNull();
    expect(await database.db.selectFrom('restoration').selectAll().execute()).toEqual([]);
  } finally {
    await database.close();
  }
});

test('a head that another process has written meanwhile, of a later row, is not written over by an older one', async () => {
  const database = unwrap(openDatabase(join(a.home, 'authority.db'), { now: a.clock.now() }));
  try {
    const restored = await createRestored({ database, clock: a.clock, authority: a.id, publicUrl: () => a.url }, a.home, await readAuditHead(a.home));
    const add = () => database.transact((trx) => recordAudit(trx, [{ at: a.clock.now(), organization: null, actor: 'operator', action: 'clock.accepted', subject: 'clock', details: {} }]));
    await add();
    const further = { seq: 1000, hash: 'f'.repeat(64) };
    await writeAuditHead(a.home, further);
    await restored.keepHead();
    expect(await readAuditHead(a.home)).toEqual(further);
    // Its own is written again as soon as it is the later one.
    await writeAuditHead(a.home, { seq: 1, hash: 'f'.repeat(64) });
    await restored.keepHead();
    expect((await readAuditHead(a.home))?.seq).toBeGreaterThan(1);
  } finally {
    await database.close();
  }
});
