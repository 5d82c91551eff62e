import { describe, expect, it, vi } from 'vitest';
import { createCalls } from '../../../src-main/shell/calls.ts';
import { createIpcGate, isOurFrame, type IpcHandlers, type SenderFrame } from '../../../src-main/shell/ipc-gate.ts';
import { ipcChannels } from '../../../src-shared/ipc.ts';
import { ipcInput } from '../../../src-shared/ipc-input.ts';
import type { Log } from '../../../src-main/shell/log.ts';
import { ok } from '../../../src-shared/result.ts';

const ours: SenderFrame = { origin: 'app://latchkey', parent: null };

function gateWith(changes: Partial<IpcHandlers> = {}) {
  const called: [string, unknown][] = [];
  const log = vi.fn<Log>();
  const calls = createCalls();
  const handlers = Object.fromEntries(ipcChannels.map((channel) => [channel, (input: unknown) => {
    called.push([channel, input]);
    return ok(null);
  }])) as unknown as IpcHandlers;
  return { called, log, calls, gate: createIpcGate({ ...handlers, ...changes }, calls, log, () => 'cor_1') };
}

describe('the gate of IPC', () => {
  it.each([
    ['no frame (gone, or it has navigated)', null],
    ['a frame of another site', { origin: 'https://elsewhere.example', parent: null }],
    ['a frame of another app address', { origin: 'app://elsewhere', parent: null }],
    ['an opaque origin', { origin: 'null', parent: null }],
    ['a frame inside our page', { origin: 'app://latchkey', parent: ours }],
  ])('refuses %s on every channel and calls nothing', async (_what, frame) => {
    const { gate, called, log } = gateWith();
    expect(isOurFrame(frame)).toBe(false);
    for (const channel of ipcChannels) expect(await gate(channel, frame, null)).toEqual({ ok: false, code: 'FORBIDDEN', details: {} });
    expect(called).toEqual([]);
    expect(log).toHaveBeenCalledTimes(ipcChannels.length);
  });

  it('lets the top frame of our page through with its parsed input', async () => {
    const { gate, called } = gateWith();
    expect(await gate('lease.switch-offline', ours, { lease: 'lse_1', days: 7 })).toEqual({ ok: true, value: null });
    expect(called).toEqual([['lease.switch-offline', { lease: 'lse_1', days: 7 }]]);
  });

  it('refuses a channel that is not of the contract', async () => {
    const { gate, called } = gateWith();
    for (const channel of ['app.quit', '__proto__', 'constructor', 'toString']) {
      expect(await gate(channel, ours, null)).toMatchObject({ ok: false, code: 'INPUT_INVALID' });
    }
    expect(called).toEqual([]);
  });

  it.each([
    ['app.snapshot', {}],
    ['session.sign-in', { email: 'a@b.example' }],
    ['session.sign-in', { email: 'a@b.example', password: 1 }],
    ['lease.checkout', { license: 'lic_1', mode: 'offline' }],
    ['lease.checkout', { license: 'lic_1', organization: 'org_1' }],
    ['lease.checkout', { license: 'lic_1', days: 0 }],
    ['lease.release', { lease: 'lse_1', reason: 'moved' }],
    ['lease.switch-offline', { lease: 'lse_1', days: 0.5 }],
    ['lease.renew', { lease: 'l'.repeat(129) }],
    ['exchange.import', { bytes: 'text' }],
    ['exchange.inspect', { bytes: [1, 2, 3] }],
    ['machine.rename', null],
    ['machine.rename', undefined],
  ])('refuses %s with an input that is not of the contract: %o', async (channel, input) => {
    const { gate, called } = gateWith();
    expect(await gate(channel, ours, input)).toMatchObject({ ok: false, code: 'INPUT_INVALID' });
    expect(called).toEqual([]);
  });

  it('tells a defect by its number only and writes the rest to the log', async () => {
    const { gate, log } = gateWith({ 'leases.mine': () => { throw new Error('database is locked at /home/someone'); } });
    expect(await gate('leases.mine', ours, null)).toEqual({ ok: false, code: 'INTERNAL', details: { correlation: 'cor_1' } });
    expect(log).toHaveBeenCalledWith('ipc.defect', expect.objectContaining({ channel: 'leases.mine', correlation: 'cor_1', error: expect.stringContaining('database is locked') }));
  });

  it('tells a rejected handler in the same way', async () => {
    const { gate } = gateWith({ 'picker.refresh': () => Promise.reject(new Error('socket')) });
    expect(await gate('picker.refresh', ours, null)).toEqual({ ok: false, code: 'INTERNAL', details: { correlation: 'cor_1' } });
  });

  it('has every channel of the contract in its list, once', () => {
    expect([...ipcChannels].toSorted()).toEqual(Object.keys(ipcInput).toSorted());
  });

  it('stops a call by the name it was given, and no other', async () => {
    const waiting: { readonly name: string; readonly signal: AbortSignal }[] = [];
    const { gate, calls } = gateWith({
      'lease.renew': ({ lease }, signal) => new Promise((resolve) => {
        waiting.push({ name: lease, signal });
        signal.addEventListener('abort', () => resolve({ ok: false, code: 'CANCELLED', details: {} }));
      }),
    });
    const one = gate('lease.renew', ours, { lease: 'lse_1' }, 'call-1');
    void gate('lease.renew', ours, { lease: 'lse_2' }, 'call-2');
    void gate('lease.renew', ours, { lease: 'lse_3' });
    calls.cancel('call-1');
    calls.cancel('call-9');
    expect(await one).toMatchObject({ code: 'CANCELLED' });
    expect(waiting.map(({ signal }) => signal.aborted)).toEqual([true, false, false]);
    // Its name means nothing any more.
    calls.cancel('call-1');
    expect(await gate('lease.renew', ours, { lease: 'lse_1' }, { toString: () => 'call-2' })).toMatchObject({ code: 'INPUT_INVALID', details: { fields: ['call'] } });
    expect(waiting).toHaveLength(3);
  });
});
