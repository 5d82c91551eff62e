import type { HeldLease, MachineState } from '../../src-shared/desktop.ts';
import { fingerprintParts } from '../../src-shared/fingerprint.ts';
import { contract } from '../../src-shared/http/index.ts';
import { CLOCK_SKEW } from '../../src-shared/policy.ts';
import type { Diagnosis } from './api.ts';
import { readRecovery } from './context.ts';
import type { Context } from './context.ts';
import type { StoreFacts } from './store.ts';

/** A license file that is not where its application looks for it. */
const notPlaced = (context: Context): Diagnosis['facts'] => {
  const [first] = context.unplaced();
  if (first === undefined) return {};
  const { why, path, owner } = first.details;
  return { problem: first.code, why: String(why), problemAt: typeof path === 'string' ? path : null, owner: typeof owner === 'string' ? owner : null };
};

/** Looks at everything a support engineer would ask about, and changes nothing. */
export const diagnose = async (context: Context): Promise<readonly Diagnosis[]> => {
  await context.sync();
  const { ports, mirror, contact } = context;
  const { runtime, home } = ports.surroundings();
  const store = ports.store.facts();
  const machine = ports.store.machine();
  const trusted = context.trusted();
  const now = ports.clock.now();
  const about = ports.authority.url === null ? null : await contact.asMachine(contract.authority.about, {});
  const away = about === null ? null : about.ok ? Math.abs(about.value.now - now) : null;
  const { parts } = context.mirror.state().machine;
  const session = about?.ok && contact.signedIn() ? await contact.asPerson(contract.accounts.me, {}) : null;
  const leases = context.current();
  const releases = ports.store.releases();
  const requests = ports.store.pendingRequests();
  // One that went over the network without a reply is asked anew by itself: there is nothing to be done about it.
  const overdue = requests.filter(({ purpose, carrier, expiresAt }) => purpose !== 'time' && carrier === 'file' && expiresAt <= now);
  const undelivered = releases.filter(({ receiptText, problem }) => receiptText === null && problem === null);
  const { clock } = mirror.state();
  const recovery = readRecovery(ports);
  const waiting = ports.store.setting('recover') !== null;
  const refusals = ports.store.refusals(1);
  const [newest] = refusals.newest;
  return [
    { subject: 'runtime', ok: true, facts: runtime },
    { subject: 'home', ok: home.ok, facts: home },
    {
      subject: 'store',
      ok: store.unsaved === null && store.journal === 'wal' && store.synchronous === 'full' && store.foreignKeys && store.rolledBack === null && store.copyProblem === null,
      facts: {
        path: store.path, schema: store.schema, journal: store.journal, synchronous: store.synchronous, foreignKeys: store.foreignKeys,
        counter: machine.seq, setAside: store.setAside, rolledBackFrom: store.rolledBack?.seen ?? null,
        releasesPutBack: store.mended, secondCopy: store.copyProblem ?? 'ok', ...storeProblem(store),
      },
    },
    ...(recovery === null ? [] : [{
      subject: 'recovery' as const,
      // What is told once and needs nothing more is in order; what still waits for something is not.
      ok: !waiting && recovery.refused.length + recovery.lost === 0,
      facts: {
        at: recovery.at, setAside: recovery.path, rebuilt: recovery.rebuilt, notRebuilt: recovery.refused.length + recovery.lost, proofs: recovery.proofs, requests: recovery.requests, waiting,
        why: recovery.refused.map(({ product, code }) => `${product} ${code}`).join(', ') || null,
      },
    }]),
    { subject: 'machine', ok: true, facts: { id: machine.id, name: machine.name, os: ports.machine.os, protection: ports.machine.protection } },
    fingerprintRow(parts, leases),
    {
      subject: 'clock',
      ok: clock.ok && (away === null || away <= CLOCK_SKEW),
      facts: {
        now, highest: machine.highest, signed: machine.signed, keyset: trusted?.iat ?? null, authority: about?.ok ? about.value.now : null, apart: away,
        ...(clock.ok ? {} : { problem: 'CLOCK_ROLLED_BACK', ...(clock.cause === 'signed' ? { why: 'signed' } : clock.cause === 'ahead' ? { why: 'ahead' } : {}) }),
      },
    },
    {
      subject: 'trust',
      ok: trusted !== null && trusted.exp > now,
      facts: {
        authority: trusted?.iss ?? null, version: trusted?.version ?? null, until: trusted?.exp ?? null,
        source: ports.trust.anchor ? 'named' : (ports.store.keysets()[0]?.source ?? null),
      },
    },
    {
      subject: 'authority',
      ok: about === null || (about.ok && (trusted === null || about.value.authority === trusted.iss)),
      facts: {
        url: ports.authority.url, reached: about?.ok ?? false, authority: about?.ok ? about.value.authority : null,
        version: about?.ok ? about.value.version : null, problem: about && !about.ok ? about.code : null,
      },
    },
    {
      subject: 'account',
      ok: session === null || session.ok,
      facts: { signedIn: contact.signedIn(), email: mirror.state().account?.user.email ?? null, problem: session && !session.ok ? session.code : null },
    },
    {
      subject: 'leases',
      ok: leases.every(({ standing }) => standing.usable) && context.unplaced().length === 0,
      facts: { ...Object.fromEntries(leases.map(({ id, standing }) => [id, standing.usable ? 'usable' : standing.code])), ...notPlaced(context) },
    },
    {
      subject: 'requests',
      ok: overdue.length === 0,
      facts: { pending: requests.length, overdue: overdue.length },
    },
    {
      subject: 'proofs',
      ok: undelivered.length === 0,
      facts: { undelivered: undelivered.length, refused: releases.filter(({ problem }) => problem !== null).length },
    },
    // That files were refused is the door working, and no fault of this machine.
    { subject: 'refusals', ok: true, facts: { count: refusals.count, newest: newest?.at ?? null, code: newest?.code ?? null, kind: newest?.kind ?? null } },
  ];
};

/** What is wrong with the store, as a code of the error table: its words and the step stand there. */
const storeProblem = ({ rolledBack, copyProblem, copyProblemAt, unsaved }: StoreFacts): Diagnosis['facts'] => {
  if (unsaved !== null) return { problem: unsaved.code, why: String(unsaved.details['why']), problemAt: String(unsaved.details['path'] ?? '') || null, owner: String(unsaved.details['owner'] ?? '') || null };
  if (rolledBack !== null) return { problem: 'STORE_ROLLED_BACK' };
  return copyProblem === null ? { problem: null } : { problem: 'STORE_UNUSABLE', why: copyProblem, problemAt: copyProblemAt };
};

/** Each part of the computer against the lease that it fits least; what there is to be known by while no lease is held. */
const fingerprintRow = (present: MachineState['parts'], leases: readonly HeldLease[]): Diagnosis => {
  const [least] = [...leases].sort((a, b) => Number(a.fingerprint.within) - Number(b.fingerprint.within) || a.fingerprint.same - b.fingerprint.same);
  if (!least) {
    return {
      subject: 'fingerprint',
      ok: present.os === 'present' || Object.values(present).filter((state) => state === 'present').length >= 3,
      facts: Object.fromEntries(fingerprintParts.map((part) => [part, present[part]])),
    };
  }
  const { within, parts, same, needed } = least.fingerprint;
  return { subject: 'fingerprint', ok: within, facts: { ...parts, withinTolerance: within, same, needed, lease: least.id } };
};
