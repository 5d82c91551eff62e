/**
 * Licensing on this side: one deep module behind ports. `createLicensing(ports)` reads what is stored, checks it again, and
 * answers with the state; nothing goes on by itself until `start`.
 */
import { contract } from '../../src-shared/http/index.ts';
import { ok, Refusal, settle, unwrap } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { accept } from './accept.ts';
import { callAuthority, chooseOrganization, meet, setDefaultOrganization, signIn, signOut } from './account.ts';
import type { Licensing } from './api.ts';
import { checkout, renew } from './checkout.ts';
import { checkClock } from './clock.ts';
import { createContext } from './context.ts';
import { diagnose } from './diagnose.ts';
import { heartbeat } from './heartbeat.ts';
import { inspect } from './inspect.ts';
import { entitlements, refresh, showOrganization } from './picker.ts';
import type { LicensingPorts } from './ports.ts';
import { deliverProofs, proofFile, release, releaseByProof } from './release.ts';
import { createRequest, createTimeRequest, discardRequest, renameMachine, requestFile } from './requests.ts';
import { createUpkeep } from './upkeep.ts';

export type { Diagnosis, Licensing } from './api.ts';
export type * from './ports.ts';
export type * from './store.ts';

/** Errors that make it throw: a `Refusal` with `STORE_UNUSABLE`. */
export const createLicensing = async (ports: LicensingPorts): Promise<Licensing> => {
  const context = await createContext(ports);
  showOrganization(context);
  const upkeep = createUpkeep(context);

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

  return {
    state: context.mirror.state,
    subscribe: context.mirror.subscribe,
    current: context.current,
    start: async () => {
      await settle(async () => {
        // The default organization is shown first; another one was chosen for the run before.
        if (ports.store.setting('organization') !== null) ports.store.write((tx) => tx.setSetting('organization', null));
        showOrganization(context);
      });
      upkeep.start();
    },
    stop: upkeep.stop,
    account: {
      signIn: door((input) => signIn(context, input)),
      signOut: door((options) => signOut(context, options)),
      chooseOrganization: door((organization) => chooseOrganization(context, organization)),
      setDefaultOrganization: door((organization) => setDefaultOrganization(context, organization)),
      call: (route, call, options) => callAuthority(context, route, call, options),
      onEvent: upkeep.onEvent,
    },
    refresh: door((organization?: string) => refresh(context, organization)),
    entitlements: door((organization?: string) => entitlements(context, organization)),
    meet: door(() => meet(context)),
    checkout: door((input) => checkout(context, input)),
    renew: door((input) => renew(context, input)),
    release: door((input) => release(context, input)),
    heartbeat: door(() => heartbeat(context)),
    deliver: door(async () => {
      await context.inTurn(() => deliverProofs(context));
      return ok(null);
    }),
    mine: door(async () => {
      const reply = await context.contact.asPerson(contract.leases.mine, {});
      return reply.ok ? ok(reply.value.leases) : reply;
    }),
    releaseElsewhere: door(async (lease) => {
      const reply = await context.contact.asPerson(contract.leases.release, { params: { lease } });
      return reply.ok ? ok(null) : reply;
    }),
    renameMachine: doorway((name) => renameMachine(context, name)),
    checkClock: door(() => checkClock(context)),
    wake: upkeep.wake,
    createTimeRequest: door(() => createTimeRequest(context)),
    createRequest: door((input) => createRequest(context, input)),
    requestFile: doorway((request) => requestFile(context, request)),
    discardRequest: doorway((request) => discardRequest(context, request)),
    inspect: door((file) => inspect(context, file)),
    accept: door((file) => accept(context, file)),
    releaseByProof: door((lease) => releaseByProof(context, lease)),
    proofFile: doorway((lease) => proofFile(context, lease)),
    diagnose: () => diagnose(context),
  };
};
