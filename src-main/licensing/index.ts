/**
 * Licensing on this side: one deep module behind ports. `createLicensing(ports)` reads what is stored, checks it again, and
 * answers with the state; nothing goes on by itself until `start`.
 */
import type { Cancellable } from '../../src-shared/cancel.ts';
import { contract } from '../../src-shared/http/index.ts';
import { ok, Refusal, settle, unwrap } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { accept, recordRefusal } from './accept.ts';
import { callAuthority, chooseOrganization, meet, setDefaultOrganization, signIn, signOut } from './account.ts';
import type { Licensing } from './api.ts';
import { within } from './cancel.ts';
import { change, finishChanges, finishChangesHere, leftChanges } from './change.ts';
import { checkout, renew } from './checkout.ts';
import { checkClock } from './clock.ts';
import { createContext, isDefinite } from './context.ts';
import { diagnose } from './diagnose.ts';
import { heartbeat } from './heartbeat.ts';
import { inspect } from './inspect.ts';
import { entitlements, refresh, showOrganization } from './picker.ts';
import type { LicensingPorts } from './ports.ts';
import { dismissRecovery, recover } from './recover.ts';
import { deliverProofs, proofFile, release, releaseByProof, releaseRuns } from './release.ts';
import { createRequest, createTimeRequest, discardRequest, renameMachine, requestFile } from './requests.ts';
import { settleUnanswered } from './unanswered.ts';
import { createUpkeep } from './upkeep.ts';

export type { Diagnosis, Licensing } from './api.ts';
export type * from './ports.ts';
export type * from './store.ts';

const REFUSALS_SHOWN = 10;

/** Errors that make it throw: a `Refusal` with `STORE_UNUSABLE`. */
export const createLicensing = async (ports: LicensingPorts): Promise<Licensing> => {
  const context = await createContext(ports);
  await recover(context);
  const left = leftChanges(context);
  await finishChangesHere(context, left);
  const showAccount = (): void => {
    context.mirror.set({ account: context.session.account() });
    showOrganization(context);
    context.publish();
  };
  context.session.onChange(showAccount);
  showOrganization(context);
  const upkeep = createUpkeep(context, left);

  /** Refusals thrown inside (a store that fails, a counter rolled back) leave as data like every other outcome. */
  const door = <I extends readonly unknown[], T>(work: (...input: I) => Promise<Result<T>>) =>
    (...input: I): Promise<Result<T>> => settle(async () => unwrap(await work(...input)));
  const doorway = <I extends readonly unknown[], T>(work: (...input: I) => Result<T>) => (...input: I): Result<T> => {
    try {
      return work(...input);
    } catch (error) {
      if (error instanceof Refusal) return error.failure;
      throw error;
    }
  };

  /** Whatever was asked and not answered may have been done all the same. */
  const settledSoon = <I extends readonly unknown[], T>(ask: (...input: I) => Promise<Result<T>>) => async (...input: I): Promise<Result<T>> => {
    const answer = await ask(...input);
    if (!answer.ok && !isDefinite(answer)) upkeep.soon();
    return answer;
  };

  return {
    state: context.mirror.state,
    subscribe: context.mirror.subscribe,
    current: context.current,
    unplaced: context.unplaced,
    licenseText: (lease) => context.heldLease(lease)?.row.text ?? null,
    start: async (options) => {
      await settle(async () => {
        // The default organization is shown first; another one was chosen for the run before.
        if (ports.store.setting('organization') !== null) ports.store.write((tx) => tx.setSetting('organization', null));
        showOrganization(context);
      });
      upkeep.start(options);
    },
    stop: upkeep.stop,
    account: {
      signIn: door((input, options?: Cancellable) => signIn(within(context, options), input)),
      signOut: door((input, options?: Cancellable) => signOut(within(context, options), input)),
      chooseOrganization: door((organization, options?: Cancellable) => chooseOrganization(within(context, options), organization)),
      setDefaultOrganization: door((organization, options?: Cancellable) => setDefaultOrganization(within(context, options), organization)),
      call: (route, call, options) => settle(async () => unwrap(await callAuthority(within(context, options), route, call))),
      onEvent: upkeep.onEvent,
    },
    refresh: door(async (organization?: string, options?: Cancellable) => {
      await context.sync();
      return refresh(within(context, options), organization);
    }),
    entitlements: door(async (organization?: string, options?: Cancellable) => {
      await context.sync();
      return entitlements(within(context, options), organization);
    }),
    meet: door((options?: Cancellable) => meet(within(context, options))),
    checkout: settledSoon(door((input: Parameters<Licensing['checkout']>[0], options?: Cancellable) => checkout(within(context, options), input))),
    change: settledSoon(door((input: Parameters<Licensing['change']>[0], options?: Cancellable) => change(within(context, options), input))),
    renew: door((input, options?: Cancellable) => renew(within(context, options), input)),
    release: door((input, options?: Cancellable) => release(within(context, options), input)),
    endRuns: door((isWanted: (product: string) => boolean) => releaseRuns(context, isWanted)),
    look: door(async () => {
      await context.sync();
      return ok(null);
    }),
    heartbeat: door((options?: Cancellable) => heartbeat(within(context, options))),
    deliver: door(async (options?: Cancellable) => {
      const asked = within(context, options);
      await finishChanges(asked, left);
      await asked.inTurn(() => deliverProofs(asked));
      await settleUnanswered(asked);
      return ok(null);
    }),
    mine: door(async (options?: Cancellable) => {
      const reply = await within(context, options).contact.asPerson(contract.leases.mine, {});
      return reply.ok ? ok([...reply.value.leases.map((lease) => ({ ...lease, contacts: [] })), ...reply.value.unconfirmed]) : reply;
    }),
    releaseElsewhere: door(async (lease, options?: Cancellable) => {
      const reply = await within(context, options).contact.asPerson(contract.leases.release, { params: { lease } });
      return reply.ok ? ok(null) : reply;
    }),
    renameMachine: doorway((name) => renameMachine(context, name)),
    checkClock: door((options?: Cancellable) => checkClock(within(context, options))),
    wake: upkeep.wake,
    createTimeRequest: door(() => createTimeRequest(context)),
    createRequest: door((input) => createRequest(context, input)),
    requestFile: doorway((request) => requestFile(context, request)),
    discardRequest: doorway((request) => discardRequest(context, request)),
    inspect: door((file) => inspect(context, file)),
    accept: door((file) => accept(context, file)),
    // What fails in it is logged there: that a refusal cannot be remembered changes nothing.
    refuse: (refusal) => recordRefusal(context, refusal, null, null),
    refusals: doorway(() => ok(ports.store.refusals(REFUSALS_SHOWN))),
    dismissRecovery: doorway(() => dismissRecovery(context)),
    releaseByProof: door((lease) => releaseByProof(context, lease)),
    proofFile: doorway((lease) => proofFile(context, lease)),
    diagnose: door(async (options?: Cancellable) => ok(await diagnose(within(context, options)))),
  };
};
