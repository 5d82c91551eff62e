import { describe, expect, it, vi } from 'vitest';
import { passCall } from '../../../src-main/shell/passage.ts';
import { contract } from '../../../src-shared/http/index.ts';
import type { CallAuthority, Route } from '../../../src-shared/http/index.ts';
import { organizations } from '../../../src-shared/http/organizations.ts';
import { people } from '../../../src-shared/http/people.ts';

/** An authority that answers every call, and what reached it. */
const authority = () => {
  const reached: { route: Route; call: unknown }[] = [];
  const call = vi.fn<(route: Route, call: unknown) => Promise<{ ok: true; value: null }>>(async (route, given) => {
    reached.push({ route, call: given });
    return { ok: true, value: null };
  });
  return { call: call as unknown as CallAuthority, reached };
};

describe('the passage from the app’s pages to the authority', () => {
  it('passes a route of the contract on by its name, as it was filled', async () => {
    const { call, reached } = authority();
    const given = { params: { organization: 'org_1' }, body: { addresses: ['ida@northlight.test'], role: 'editor' } };
    expect(await passCall(call, { name: 'people.invite', call: given })).toEqual({ ok: true, value: null });
    expect(reached).toEqual([{ route: people.invite, call: given }]);
  });

  it('lets a query be left out', async () => {
    const { call, reached } = authority();
    expect(await passCall(call, { name: 'people.list', call: { params: { organization: 'org_1' } } })).toMatchObject({ ok: true });
    expect(reached).toHaveLength(1);
  });

  it('refuses what main does itself, and every route whose proof is a machine’s document', async () => {
    const { call, reached } = authority();
    const machines = Object.entries(contract.leases).filter(([, { auth }]) => auth === 'machine').map(([name]) => `leases.${name}`);
    const own = ['accounts.signIn', 'accounts.signOut', 'leases.checkout', ...machines];
    expect(own).toHaveLength(7);
    for (const name of own) expect(await passCall(call, { name, call: {} })).toMatchObject({ ok: false, code: 'FORBIDDEN' });
    expect(reached).toEqual([]);
  });

  it.each(['organizations', 'organizations.', 'organizations.list.x', 'organizations.constructor', '__proto__.list', 'toString.call', ''])(
    'refuses %j, which the contract does not name',
    async (name) => {
      const { call, reached } = authority();
      expect(await passCall(call, { name, call: {} })).toEqual({ ok: false, code: 'INPUT_INVALID', details: { fields: ['name'] } });
      expect(reached).toEqual([]);
    },
  );

  it('names what the route’s schemas refuse, and what the route does not take', async () => {
    const { call, reached } = authority();
    const bad = { params: { organization: '' }, body: { addresses: ['a'.repeat(1001)], role: 'emperor' } };
    expect(await passCall(call, { name: 'people.invite', call: bad })).toEqual({
      ok: false, code: 'INPUT_INVALID', details: { fields: ['params.organization', 'body.addresses.0', 'body.role'] },
    });
    expect(organizations.list).not.toHaveProperty('body');
    expect(await passCall(call, { name: 'organizations.list', call: { body: {} } })).toMatchObject({ code: 'INPUT_INVALID', details: { fields: ['body'] } });
    expect(reached).toEqual([]);
  });
});
