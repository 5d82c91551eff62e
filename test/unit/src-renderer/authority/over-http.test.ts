import { describe, expect, it, vi } from 'vitest';
import { createCall } from '../../../../src-renderer/authority/over-http.ts';
import { routes } from '../../../../src-renderer/authority/routes.ts';
import { routeNamed } from '../../../../src-shared/http/by-name.ts';

const answering = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  vi.fn<typeof fetch>(async () => new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers }));

const refusal = { ok: false, code: 'SEAT_LIMIT_EXCEEDED', details: { owned: 3 } };

describe('the portal’s caller', () => {
  it('names every route as the contract does', () => {
    for (const [name, address] of Object.entries(routes)) {
      const route = routeNamed(name);
      expect({ method: route?.method, path: route?.path }).toEqual(address);
    }
  });

  it('carries the portal’s header and the cookie of its own origin, and fills the path', async () => {
    const fetch = answering(200, { ok: true, value: null });
    await createCall(fetch, () => 'bound', () => undefined)('leases.release', { params: { lease: 'lse_a/b' } });
    const [path, init] = fetch.mock.calls[0] ?? [];
    expect(path).toBe('/v1/leases/lse_a%2Fb/release');
    expect(init).toMatchObject({ method: 'POST', credentials: 'same-origin', headers: { 'x-latchkey': 'portal', 'x-latchkey-binding': 'bound' } });
    expect(init).not.toHaveProperty('body');
  });

  it('passes a refusal on as data', async () => {
    const call = createCall(answering(409, refusal), () => null, () => undefined);
    expect(await call('leases.mine', {})).toEqual(refusal);
  });

  it('says AUTHORITY_UNREACHABLE when nothing answers, or only a proxy does', async () => {
    const dead = createCall(async () => Promise.reject(new TypeError('no network')), () => null, () => undefined);
    expect(await dead('leases.mine', {})).toMatchObject({ ok: false, code: 'AUTHORITY_UNREACHABLE' });
    const proxy = createCall(answering(502, '<h1>Bad gateway</h1>'), () => null, () => undefined);
    expect(await proxy('leases.mine', {})).toMatchObject({ ok: false, code: 'AUTHORITY_UNREACHABLE' });
  });

  it('says CANCELLED when the caller gave up', async () => {
    const given = AbortSignal.abort();
    const call = createCall(async () => Promise.reject(new DOMException('aborted', 'AbortError')), () => null, () => undefined);
    expect(await call('leases.mine', {}, { signal: given })).toMatchObject({ ok: false, code: 'CANCELLED' });
  });

  it('takes no reply for one that is not the authority’s: INTERNAL with its number', async () => {
    const strange = createCall(answering(500, { ok: false, code: 'NO_SUCH_CODE', details: {} }, { 'x-request-id': 'r-7' }), () => null, () => undefined);
    expect(await strange('leases.mine', {})).toEqual({ ok: false, code: 'INTERNAL', details: { correlation: 'r-7' } });
  });

  it('tells of every NOT_SIGNED_IN, and of nothing else', async () => {
    const onSignedOut = vi.fn<() => void>();
    await createCall(answering(409, refusal), () => null, onSignedOut)('leases.mine', {});
    expect(onSignedOut).not.toHaveBeenCalled();
    const result = await createCall(answering(401, { ok: false, code: 'NOT_SIGNED_IN', details: {} }), () => null, onSignedOut)('leases.mine', {});
    expect(result).toMatchObject({ code: 'NOT_SIGNED_IN' });
    expect(onSignedOut).toHaveBeenCalledOnce();
  });
});
