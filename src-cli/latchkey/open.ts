import { readFileSync } from 'node:fs';
import envPaths from 'env-paths';
import { fail, Refusal, settle, unwrap } from '../../src-shared/result.ts';
import type { Failure, Result } from '../../src-shared/result.ts';
import { openHome } from '../../src-main/adapter/index.ts';
import type { Patience } from '../../src-main/adapter/index.ts';
import { createLicensing } from '../../src-main/licensing/index.ts';
import type { Licensing } from '../../src-main/licensing/index.ts';
import { messageFor, readDocumentFile, wantsJson } from '../command.ts';
import { openNetwork } from '../network.ts';
import type { Network } from '../network.ts';
import { nextFor } from '../next-steps.ts';
import { writtenPath } from '../paths.ts';
import { startWaiting, stoppable } from './waiting.ts';
import { describeRecovery } from './words.ts';

export const version: string = (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version;

/** This program, as activation requests carry it. */
export const app = `latchkey ${version}`;

let opened: Network | null = null;
/** One for the process: it changes what all of it uses. */
export const network = (): Network => (opened ??= openNetwork());

export const homeFolder = (): string => {
  const named = process.env['LATCHKEY_HOME'];
  return named ? writtenPath(named, 'LATCHKEY_HOME') : envPaths('latchkey-cli', { suffix: '' }).data;
};

const namedKeyset = (): string | null => {
  const named = process.env['LATCHKEY_TRUST'];
  if (!named) return null;
  const path = writtenPath(named, 'LATCHKEY_TRUST');
  const file = readDocumentFile(path, { links: true });
  if (!file.ok) throw new Refusal(file.code, { ...file.details, at: 'LATCHKEY_TRUST' });
  // A mark of the byte order is no part of the armor, here as everywhere.
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(file.value);
};

/** For commands that are nothing without the authority: they wait as long as an answer may take, and once. */
const PATIENT: Patience = { waitOnce: true };
/** For commands that may have something to say without it: a few seconds show that nobody answers. */
export const BRIEF: Patience = { firstTimeoutMs: 5000, waitOnce: true };
/** For commands that look, and ask the authority what it knows. */
export const GLANCE: Patience = { timeoutMs: 3000, waitOnce: true };
/** For what goes on beside an application: it asks again and again. */
export const LASTING: Patience = {};

/**
 * Opens this machine's home, does one thing, tells the authority what it does not know yet, and closes. Ctrl-C stops waiting
 * for the authority (`CANCELLED`), until `work` calls `uninterrupted`. `restored`: the refusal of a database that is older than
 * its second copy, which says it also where there is no lease to say it of; null of one that is in order.
 */
export const withLicensing = <T>(
  work: (licensing: Licensing, home: { readonly uninterrupted: () => void; readonly restored: () => Failure | null }) => Promise<Result<T>>,
  patience: Patience = PATIENT,
): Promise<Result<T>> => settle(async () => {
  const { signal, fetch, leave } = startWaiting(network().fetch);
  const { ports, close } = unwrap(await openHome({
    home: homeFolder(),
    authority: process.env['LATCHKEY_AUTHORITY'],
    trust: { keyset: namedKeyset(), packaged: false },
    app,
    log: (event, facts) => {
      if (process.env['LATCHKEY_DEBUG']) process.stderr.write(`${JSON.stringify({ event, ...facts })}\n`);
    },
    fetch,
    fromMemory: true,
    ...patience,
  }));
  try {
    const licensing = stoppable(await createLicensing(ports), { signal });
    tellRecovery(licensing);
    const restored = (): Failure | null => {
      const { rolledBack } = ports.store.facts();
      return rolledBack === null ? null : fail('STORE_ROLLED_BACK', rolledBack);
    };
    const result = truthOf(await work(licensing, { uninterrupted: leave, restored }), licensing, restored());
    // What goes on beside an application has delivered what it could, and must not wait again at the end.
    if (patience !== LASTING && licensing.state().connection.state === 'online') await licensing.deliver();
    // A failure says itself what is the matter, in one line.
    if (result.ok) tellUnplaced(licensing);
    if (result.ok) tellUnsaved(ports.store.facts().unsaved);
    await licensing.stop();
    return unwrap(result);
  } finally {
    leave();
    close();
  }
});

/** A machine without a network has nobody to sign in to: that the database was put back, or that no address is set, is what is wrong. */
const truthOf = <T>(result: Result<T>, licensing: Licensing, restored: Failure | null): Result<T> => {
  if (result.ok || result.code !== 'NOT_SIGNED_IN' || licensing.state().connection.url !== null) return result;
  return restored ?? fail('AUTHORITY_UNREACHABLE', { why: 'no-address' });
};

/** The license is valid and everything else works; an application that reads its file does not see it. On stderr, as below. */
const tellUnplaced = (licensing: Licensing): void => {
  for (const { code, details } of licensing.unplaced()) {
    process.stderr.write(wantsJson() ? `${JSON.stringify({ notice: { kind: 'license-file-not-placed', code, details } })}\n` : `latchkey: a license file cannot be put in its place. ${messageFor(code, details)} ${nextFor(code, details)}\n`);
  }
};

/** What needed no writing was done; nothing else of it lasts. */
const tellUnsaved = (unsaved: Failure | null): void => {
  if (unsaved === null) return;
  const { code, details } = unsaved;
  process.stderr.write(wantsJson() ? `${JSON.stringify({ notice: { kind: 'read-only', code, details } })}\n` : `latchkey: nothing can be stored now. ${messageFor(code, details)} ${nextFor(code, details)}\n`);
};

/** On stderr, so that what stands on stdout stays one value: once, by the run that found the damage. */
const tellRecovery = (licensing: Licensing): void => {
  const { notices, recovery } = licensing.state();
  const notice = notices.find(({ kind }) => kind === 'store-recovered');
  if (notice === undefined || recovery === null) return;
  process.stderr.write(wantsJson() ? `${JSON.stringify({ notice: { kind: notice.kind, ...recovery } })}\n` : `${describeRecovery(recovery)}\n`);
};

/** The lease that is meant: the one named, or the only one. Errors: `LEASE_NOT_FOUND`, `INPUT_INVALID` naming those there are. */
export const leaseMeant = (licensing: Licensing, named: string | undefined): Result<string> => {
  if (named !== undefined) return { ok: true, value: named };
  const leases = licensing.current();
  const [only] = leases;
  if (!only) return fail('LEASE_NOT_FOUND');
  if (leases.length > 1) {
    return fail('INPUT_INVALID', {
      why: 'usage', message: `there are several leases, name one: ${leases.map(({ id, product }) => `${id} (${product.name})`).join(', ')}`,
      leases: leases.map(({ id }) => id),
    });
  }
  return { ok: true, value: only.id };
};
