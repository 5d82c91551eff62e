import { checkHistory } from './check.ts';
import { createClient } from './clients.ts';
import type { History, Operation, Violation } from './history.ts';
import { createMachine } from './machines.ts';
import { MACHINES, SHARED } from './plan.ts';
import type { Plan, Step } from './plan.ts';
import { FAULT_HEADER, licenses, startSystem } from './system.ts';
import type { Fault, System } from './system.ts';

/** Runs a plan against a real authority, then asks about all that is not known, gives everything back, and judges. */
export type Verdict = { readonly history: History; readonly violations: readonly Violation[] };

const DAY = 86_400;

const look = async (system: System): Promise<void> => {
  await fetch(`${system.url}/v1/organizations/${system.organization}/entitlements`, { headers: system.headers('manager') }).then((reply) => reply.text(), () => '');
};

export const runPlan = async (plan: Plan): Promise<Verdict> => {
  const system = await startSystem();
  const machines = await Promise.all(Array.from({ length: MACHINES }, (_, at) => createMachine(system, at)));
  const usesClients = plan.some((round) => round.some((step) => step.do === 'client'));
  const alone = await Promise.all(Array.from({ length: usesClients ? SHARED : 0 }, (_, at) => createClient(system, at, null, at === SHARED - 1)));
  const owner = alone.at(-1);
  const clients = owner ? [...alone, await createClient(system, SHARED, owner)] : alone;
  const licenseAt = (at: number): string => licenses[at % licenses.length] ?? '';
  const onPaper = { requests: [] as { readonly from: number; readonly request: string; readonly license: string; readonly days: number }[], proofs: [] as { readonly from: number; readonly proof: string }[] };

  const asManager = async (path: string, fault: Fault, body?: object): Promise<void> => {
    const headers = { ...system.headers('manager'), ...(body && { 'content-type': 'application/json' }), ...(fault === 'none' ? {} : { [FAULT_HEADER]: fault }) };
    await fetch(`${system.url}${path}`, { method: 'POST', headers, ...(body && { body: JSON.stringify(body) }) }).then((reply) => reply.text(), () => '');
  };
  const decide = (lease: string, fault: Fault): Promise<void> => asManager(`/v1/leases/${lease}/release`, fault);
  const free = (lease: string, fault: Fault): Promise<void> => asManager(`/v1/leases/${lease}/free`, fault, {});
  const answer = (at: number, fault: Fault): Promise<void> | undefined => {
    const paper = onPaper.requests[at % Math.max(1, onPaper.requests.length)];
    return paper && machines[paper.from]?.send({ path: '/v1/exchange/answers', body: { request: paper.request, license: paper.license, days: paper.days }, session: 'manager' }, fault);
  };
  const accept = (at: number, fault: Fault): Promise<void> | undefined => {
    const paper = onPaper.proofs[at % Math.max(1, onPaper.proofs.length)];
    return paper && machines[paper.from]?.send({ path: '/v1/exchange/acceptances', body: { proof: paper.proof }, session: 'manager' }, fault);
  };

  const perform = async (step: Step): Promise<void> => {
    if (step.do === 'look') return look(system);
    if (step.do === 'clock') return system.advance(step.by);
    if (step.do === 'crash') return system.crash();
    if (step.do === 'client') {
      const act = (at: number): Promise<void> | undefined => clients[at]?.act(step.act, licenseAt(step.license), step.fault);
      // Both processes of one home begin the same at once.
      if (step.act === 'checkout' && step.client >= SHARED - 1) return void (await Promise.all([act(SHARED - 1), act(SHARED)]));
      return act(step.client);
    }
    const machine = machines[step.machine];
    if (!machine) return;
    const lease = machine.leases().at(-1);
    switch (step.do) {
      case 'checkout': {
        const request = await machine.ask({ license: licenseAt(step.license), mode: step.mode, ...(step.mode === 'offline' ? { days: step.days } : {}) });
        return machine.send({ path: '/v1/checkouts', body: { request }, session: 'editor' }, step.fault);
      }
      case 'ask-by-file': {
        const license = licenseAt(step.license);
        onPaper.requests.push({ from: step.machine, request: await machine.ask({ mode: 'offline', days: step.days }), license, days: step.days });
        return;
      }
      case 'answer': return answer(step.pick, step.fault);
      case 'accept': return accept(step.pick, step.fault);
      case 'renew': {
        if (lease === undefined) return;
        const body = await machine.renewal({ mode: step.mode, ...(step.mode === 'offline' ? { days: step.days } : {}) }, lease);
        return machine.send({ path: '/v1/renewals', body, session: null }, step.fault);
      }
      case 'heartbeat': {
        const heartbeat = lease === undefined ? null : await machine.heartbeat(lease, step.old);
        return heartbeat === null ? undefined : machine.send({ path: '/v1/heartbeats', body: { heartbeat }, session: null }, step.fault);
      }
      case 'give-back': {
        const proof = lease === undefined ? null : await machine.proof(lease);
        return proof === null ? undefined : machine.send({ path: '/v1/releases', body: { proof }, session: null }, step.fault);
      }
      case 'write-proof': {
        const proof = lease === undefined ? null : await machine.proof(lease, step.keeps);
        if (proof !== null) onPaper.proofs.push({ from: step.machine, proof });
        return;
      }
      case 'repeat': {
        const again = machine.sent[machine.sent.length - 1 - (step.pick % Math.max(1, machine.sent.length))];
        return again && void (await Promise.all([machine.send(again, step.fault), machine.send(again, 'none')]));
      }
      case 'decide': return lease === undefined ? undefined : decide(lease, step.fault);
      case 'free': {
        if (lease === undefined) return;
        await decide(lease, 'none');
        return free(lease, step.fault);
      }
      case 'restore': return machine.restore();
    }
  };

  /** Everything that was sent is sent again, every proof that was written arrives, everything held is reported, and the numbers are looked at. */
  const settle = async (): Promise<void> => {
    for (const machine of machines) for (const sent of machine.sent) await machine.send(sent, 'none');
    for (const lease of undecided(system, 'decide')) await decide(lease, 'none');
    for (const lease of undecided(system, 'free')) await free(lease, 'none');
    // Whatever is still on a stick arrives at last, however late.
    for (const at of onPaper.proofs.keys()) await accept(at, 'none');
    for (const { kind, body } of unanswered(system)) {
      const { path, session } = byNetwork[kind as keyof typeof byNetwork];
      await machines[0]?.send({ path, body, session }, 'none');
    }
    for (const client of clients) await client.settle();
    for (const machine of machines) {
      for (const lease of machine.leases()) {
        const heartbeat = await machine.heartbeat(lease, false);
        if (heartbeat !== null) await machine.send({ path: '/v1/heartbeats', body: { heartbeat }, session: null }, 'none');
      }
    }
    await look(system);
    await system.audit();
  };

  try {
    for (const round of plan) {
      await Promise.all(round.map(perform));
      for (const machine of machines) await machine.replaceIfStopped();
      for (const client of clients) await client.confess();
      await look(system);
    }
    await settle();
    for (const machine of machines) {
      for (const lease of machine.leases()) {
        const proof = await machine.proof(lease);
        if (proof !== null) await machine.send({ path: '/v1/releases', body: { proof }, session: null }, 'none');
      }
    }
    await look(system);
    // Whatever was lost for good is free at the latest when its last file has ended.
    await system.advance(400 * DAY);
    await look(system);
    await system.audit();
    const history = system.recorder.history();
    return { history, violations: checkHistory(history) };
  } finally {
    for (const client of clients.toReversed()) await client.close();
    await system.close();
  }
};

/** How a document is sent again whose sender has made another one since, as the full client does. */
const byNetwork = {
  checkout: { path: '/v1/checkouts', session: 'editor' },
  renew: { path: '/v1/renewals', session: null },
  'give-back': { path: '/v1/releases', session: null },
} as const;
const unanswered = (system: System): readonly Operation[] => {
  const { operations } = system.recorder.history();
  return operations.filter((operation) => operation.kind in byNetwork && operation.outcome.is === 'unknown' && !operations.some((later) => later.sent === operation.sent && later.invoked > operation.invoked && later.outcome.is !== 'unknown'));
};

/** Decisions of which nobody knows whether they were taken. */
const undecided = (system: System, of: 'decide' | 'free'): ReadonlySet<string> =>
  new Set(system.recorder.history().operations.filter(({ kind, outcome }) => kind === of && outcome.is === 'unknown').map(({ sent }) => sent));
