import type { Command } from 'commander';
import type { HeldLease } from '../../src-shared/desktop.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Failure, Result } from '../../src-shared/result.ts';
import type { Licensing } from '../../src-main/licensing/index.ts';
import { messageFor, outcome, showTime, wantsJson, wholeNumber } from '../command.ts';
import { nextFor } from '../next-steps.ts';
import { BRIEF, GLANCE, leaseMeant, withLicensing } from './open.ts';
import { describeLease } from './words.ts';

/** The local data as `status` tells it: in order, or the refusal that everything signed meets. */
const storeOf = (refused: Failure | null): { readonly ok: true } | Failure => refused ?? { ok: true };

type Wish = { readonly license: string; readonly mode?: 'offline'; readonly days?: number };

/** Takes a license, in place of a lease where one is named. The new one is there, also where the old one could not be released. */
const takeLicense = async (licensing: Licensing, wish: Wish, insteadOf: string | undefined): Promise<Result<{ readonly lease: string }>> => {
  if (insteadOf === undefined) return licensing.checkout(wish);
  const changed = await licensing.change({ lease: insteadOf, ...wish });
  if (changed.ok && changed.value.unreleased) {
    const { code, details } = changed.value.unreleased;
    process.stderr.write(wantsJson() ? `${JSON.stringify({ notice: { kind: 'unreleased', lease: insteadOf, code, details } })}\n` : `The lease ${insteadOf} is still in use. ${messageFor(code, details)}\n`);
  }
  return changed;
};

export const addLeaseCommands = (program: Command): void => {
  program
    .command('checkout')
    .description('take a license for this machine')
    .argument('<license>')
    .option('--offline <days>', 'for so many days without the authority', wholeNumber(1, 3660))
    .option('--instead-of <lease>', 'release this lease once the license is taken')
    .action(async (license: string, { offline, insteadOf }: { offline?: number; insteadOf?: string }) => {
      const result = await withLicensing(async (licensing): Promise<Result<HeldLease>> => {
        const there = licensing.current().find((each) => each.license === license && each.standing.usable);
        // Said, and not passed over: whoever asks for it online would believe that it is.
        if (there?.mode === 'offline' && offline === undefined) return fail('CONFLICT', { why: 'held-offline', lease: there.id, until: there.until });
        const taken = await takeLicense(licensing, { license, ...(offline === undefined ? {} : { mode: 'offline', days: offline }) }, insteadOf);
        if (!taken.ok) return taken;
        const held = licensing.current().find(({ id }) => id === taken.value.lease);
        return held ? ok(held) : fail('LEASE_NOT_FOUND', { lease: taken.value.lease });
      });
      outcome(result, { human: describeLease });
    });

  program
    .command('renew')
    .description('extend the leases of this machine')
    .argument('[lease]', 'only this one')
    .option('--online', 'take back online what is offline')
    .action(async (named: string | undefined, { online = false }: { online?: boolean }) => {
      const result = await withLicensing(async (licensing, { restored }): Promise<Result<readonly HeldLease[]>> => {
        // Also where no lease is left in it to be refused: it may have held some before it was put back.
        let problem: Failure | null = restored();
        if (problem) return problem;
        const leases = licensing.current().filter(({ id }) => named === undefined || id === named);
        if (named !== undefined && leases.length === 0) return fail('LEASE_NOT_FOUND', { lease: named });
        for (const { id, mode } of leases) {
          const renewed = await licensing.renew({ lease: id, ...(online && mode === 'offline' ? { mode: 'online' } : {}) });
          if (!renewed.ok) problem ??= renewed;
        }
        return problem ?? ok(licensing.current());
      }, BRIEF);
      outcome(result, { human: (leases) => leases.map(describeLease).join('\n') || 'This machine holds no lease.' });
    });

  program
    .command('status')
    .description('what this machine holds and waits for')
    .action(async () => {
      const result = await withLicensing(async (licensing, { restored }) => {
        if (licensing.state().connection.url !== null && (await licensing.meet()).ok) await licensing.heartbeat();
        const { machine, connection, account, requests, givenUp, clock } = licensing.state();
        return ok({ machine, connection, account, leases: licensing.current(), requests, givenUp, clock, store: storeOf(restored()) });
      }, GLANCE);
      outcome(result, {
        human: ({ machine, connection, account, leases, requests, givenUp, clock, store }) => [
          `${machine.name} (${machine.id})`,
          connection.url === null ? 'Without a network: licenses come and go by files.' : `Authority ${connection.url}: ${connection.state === 'stranger' ? 'another license authority answers there' : connection.state}.`,
          ...(account ? [`Signed in as ${account.user.name}.`] : []),
          ...(clock.ok ? [] : [messageFor('CLOCK_ROLLED_BACK', clock.authority === null ? { now: clock.now, highest: clock.highest, ...(clock.cause === 'signed' ? { why: 'signed' } : {}) } : { now: clock.now, highest: clock.highest, authority: clock.authority })]),
          ...(store.ok ? [] : [messageFor(store.code, store.details), nextFor(store.code, store.details)]),
          ...(leases.length === 0 ? ['No lease.'] : leases.map(describeLease)),
          ...requests.map((each) => each.purpose === 'time'
            ? `Request ${each.id} of ${showTime(each.createdAt)} waits for its time ticket.`
            : `Request ${each.id} of ${showTime(each.createdAt)} waits for its license file until ${showTime(each.expiresAt)}.`),
          ...givenUp
            .filter(({ receiptAt }) => receiptAt === null)
            .map((each) => `${each.product.name} was given up on ${showTime(each.releasedAt)}; the authority has not confirmed it (lease ${each.lease}).`),
        ].join('\n'),
      });
    });

  program
    .command('release')
    .description('give a lease back')
    .argument('[lease]')
    .action(async (named?: string) => {
      const result = await withLicensing(async (licensing): Promise<Result<{ lease: string; delivered: boolean }>> => {
        const lease = leaseMeant(licensing, named);
        if (!lease.ok) return lease;
        const released = await licensing.release({ lease: lease.value, reason: 'user' });
        if (!released.ok) return released;
        const delivered = licensing.state().givenUp.some((each) => each.lease === lease.value && each.receiptAt !== null);
        return ok({ lease: lease.value, delivered });
      }, BRIEF);
      outcome(result, {
        human: ({ delivered }) => (delivered ? 'Released; the seat is free.' : 'Released here. The authority will be told when it can be reached.'),
      });
    });
};
