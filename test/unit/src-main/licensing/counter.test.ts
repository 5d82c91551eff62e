import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Context } from '../../../../src-main/licensing/context.ts';
import { countOn } from '../../../../src-main/licensing/issue.ts';
import { fail } from '../../../../src-shared/result.ts';
import { settableClock } from '../../../support/authority.ts';
import { startClient } from '../../../support/client.ts';
import type { TestClient } from '../../../support/client.ts';

let client: TestClient;
beforeAll(async () => {
  client = await startClient({ clock: settableClock(), authority: null });
});
afterAll(() => client.close());

const told = (details: Parameters<typeof fail>[1]): number => {
  const ports = client.ports();
  countOn({ ports } as Context, fail('MACHINE_CLONED', { machine: ports.machine.id, ...details }));
  return ports.store.machine().seq;
};

test('the counter goes on where the authority knows it, never back, and never so far at once that it would be used up', () => {
  expect(told({ last: 40 })).toBe(40);
  expect(told({ last: 12 })).toBe(40);
  expect(told({ last: 41.5 })).toBe(40);
  expect(told({ last: '50' })).toBe(40);
  expect(told({})).toBe(40);
  expect(told({ last: 50, machine: 'mch_another' })).toBe(40);
  expect(told({ last: 50 })).toBe(50);
  expect(told({ last: Number.MAX_SAFE_INTEGER })).toBe(100_050);
  // A machine that is farther behind gets there all the same, one refusal at a time.
  expect(told({ last: 250_000 })).toBe(200_050);
  expect(told({ last: 250_000 })).toBe(250_000);
});
