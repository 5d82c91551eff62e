import type { Account } from '../../src-shared/http/index.ts';
import { kindTable } from '../../src-shared/documents/index.ts';
import type { Lease } from '../../src-shared/lease.ts';
import type { Entitlement } from '../../src-shared/license.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Inspected } from '../exchange/inspect.ts';
import type { Actor, Ground } from '../ground.ts';
import { keysetFile } from '../keys/files.ts';
import type { Issued, Ledger, Returned, Told } from '../leases/ledger.ts';
import { recordRefused } from '../leases/refused.ts';
import { entitlementsOf } from '../licenses/entitlements.ts';
import { roleOf } from '../organizations/membership.ts';
import type { Organizations } from '../organizations/organizations.ts';
import type { Invitations } from '../people/invitations.ts';
import type { Invites } from '../people/invites.ts';
import type { People } from '../people/people.ts';
import type { Result } from '../../src-shared/result.ts';
import { clearCookie, cookieToken, keepKnown, knownIn, knownTokens, refuseForeign, setCookie } from './credentials.ts';
import { createSecurityHandlers } from './handlers-security.ts';
import { createHoldingsHandlers } from './handlers-holdings.ts';
import { organizationHandlers } from './handlers-organizations.ts';
import { peopleHandlers } from './handlers-people.ts';
import type { Handlers } from './implement.ts';
import { mutable } from './mutable.ts';

export type Services = {
  readonly ground: Ground;
  readonly accounts: Accounts;
  readonly organizations: Organizations;
  readonly people: People;
  readonly invites: Invites;
  readonly invitations: Invitations;
  readonly ledger: Ledger;
  readonly inspect: (actor: Actor, file: string | Uint8Array) => Promise<Result<Inspected>>;
  readonly version: string;
};

const reply = <T>(value: T) => mutable(ok(value));

const as = (person: { readonly id: string; readonly name: string; readonly email: string }): Actor => ({ kind: 'person', person });

const plain = (text: string): string => text.normalize('NFKD').replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40);
const fileName = (what: string, machine: string, id: string, extension: string): string =>
  `${[plain(what), plain(machine) || 'machine', id.slice(-6).replace(/[^A-Za-z0-9]/g, 'x')].join('-')}${extension}`;

/** A name for a downloaded file that says what it is and is safe on every file system. */
const fileNameOf = (kind: 'license' | 'receipt', lease: Lease): string =>
  fileName(lease.product.id, lease.machine.name, lease.id, kindTable[kind].extension);

/** What the person at the exchange carries back. */
export const answerOf = ({ licenseFile, lease, first, again }: Issued & { readonly again: boolean }) => ({ licenseFile, lease, again, fileName: fileNameOf('license', lease), keysets: first.map(keysetFile) });
export const acceptanceOf = ({ receipt, lease, first }: Returned) => ({ receipt, lease, fileName: fileNameOf('receipt', lease), keysets: first.map(keysetFile) });
/** A machine with a network fetches the keysets that it needs by itself. */
const overNetwork = ({ licenseFile, lease }: Issued) => ({ licenseFile, lease });

export const toldOf = ({ first, ...told }: Told) => ({ ...told, fileName: fileName('time', told.machine.name, told.request, kindTable.time.extension), keysets: first.map(keysetFile) });

export const createHandlers = ({ ground, accounts, organizations, people, invites, invitations, ledger, inspect, version }: Services): Handlers => ({
  security: createSecurityHandlers(ground, accounts),
  organizations: organizationHandlers(organizations),
  people: peopleHandlers(people, invites, invitations),
  accounts: {
    signIn: async ({ body, http }) => {
      const foreign = body.carrier === 'cookie' ? refuseForeign(http.request) : null;
      if (foreign) return foreign;
      const signedIn = await accounts.signIn({
        email: body.email, password: body.password, otp: body.otp ?? null, agent: body.agent ?? null, from: { address: http.address, known: body.carrier === 'cookie' ? knownTokens(http.request) : knownIn(body) },
        replaces: body.carrier === 'cookie' ? cookieToken(http.request) : null, inCookie: body.carrier === 'cookie',
      });
      if (!signedIn.ok) return signedIn;
      const { token, binding, expiresAt, account, known } = signedIn.value;
      const inCookie = body.carrier === 'cookie';
      if (inCookie) {
        setCookie(http.request, http.reply, token, expiresAt - ground.clock.now());
        keepKnown(http.request, http.reply, known);
      }
      return reply<{ token: string | null; binding: string | null; expiresAt: number; account: Account; known: string | null }>({ token: inCookie ? null : token, binding, expiresAt, account, known: inCookie ? null : known });
    },
    signOut: async ({ session, http }) => {
      await accounts.signOut(session);
      clearCookie(http.request, http.reply);
      return ok(null);
    },
    me: async ({ session }) => ok(await accounts.account(session.person.id)),
    setDefaultOrganization: ({ session, body }) => accounts.setDefaultOrganization(session.person.id, body.organization),
  },
  authority: {
    about: async () => {
      const doubted = (await ground.time.look()).wrong !== null;
      return ok({ authority: ground.authority, version, now: ground.clock.now(), keyset: (await ground.keyring.document()).version, ...(doubted ? { clockDoubted: true } : {}) });
    },
    keyset: async ({ query }) => ok({ keyset: (await ground.keyring.document(query.after)).document }),
  },
  licenses: {
    entitlements: async ({ session, params, query }) => {
      const user = session.person.id;
      const { db } = ground.database;
      if ((await roleOf(db, params.organization, user)) === null) return fail('NOT_FOUND', { organization: params.organization });
      const now = ground.clock.now();
      const entitlements = await entitlementsOf(db, {
        organization: params.organization, user, machine: query.machine ?? null, carrier: 'network', counted: true, now,
      });
      return reply<{ asOf: number; entitlements: readonly Entitlement[] }>({ asOf: now, entitlements });
    },
  },
  leases: {
    checkout: async ({ session, body }) => {
      const issued = await ledger.checkout(session.person, body.request);
      return issued.ok ? reply(overNetwork(issued.value)) : issued;
    },
    renew: async ({ body }) => {
      const issued = await ledger.renew(body.request, body.heartbeat);
      return issued.ok ? reply(overNetwork(issued.value)) : issued;
    },
    time: async ({ body }) => {
      const told = await ledger.tellTime(body.request, 'machine');
      return told.ok ? reply({ ticket: told.value.ticket }) : told;
    },
    heartbeat: async ({ body }) => {
      const heard = await ledger.heartbeat(body.heartbeat);
      return heard.ok ? reply(heard.value) : heard;
    },
    giveBack: async ({ body }) => {
      const returned = await ledger.accept(body.proof, 'machine');
      // SECURITY: whoever found the proof may bring it, and learns no name by that.
      return returned.ok ? reply({ receipt: returned.value.receipt }) : returned;
    },
    mine: async ({ session }) => reply(await ledger.mine(session.person.id)),
    release: async ({ session, params }) => {
      const released = await ledger.releaseByPerson(session.person, params.lease);
      return released.ok ? reply(released.value) : released;
    },
    free: async ({ session, params, body }) => {
      const freed = await ledger.freeEarly(session.person, { lease: params.lease, reason: body.reason });
      return freed.ok ? reply(freed.value) : freed;
    },
  },
  holdings: createHoldingsHandlers(ground),
  exchange: {
    inspect: async ({ session, body }) => {
      const actor = as(session.person);
      const inspected = await inspect(actor, body.document);
      // What is damaged or forged is never offered to be answered or accepted, so this is where it is refused.
      const verdict = inspected.ok ? inspected.value.inspection.genuine : inspected;
      if (!verdict.ok && (verdict.code === 'FILE_MALFORMED' || verdict.code === 'FILE_NOT_GENUINE')) {
        await recordRefused(ground, { kind: 'request', text: body.document, carrier: 'file', actor }, fail(verdict.code, verdict.details));
      }
      return inspected.ok ? reply(inspected.value) : inspected;
    },
    answer: async ({ session, body }) => {
      const issued = await ledger.answer(as(session.person), body);
      return issued.ok ? reply(answerOf(issued.value)) : issued;
    },
    time: async ({ session, body }) => {
      const told = await ledger.tellTime(body.request, as(session.person));
      if (!told.ok) return told;
      const { ticket, fileName, keysets } = toldOf(told.value);
      return ok({ ticket, fileName, keysets });
    },
    accept: async ({ session, body }) => {
      const returned = await ledger.accept(body.proof, as(session.person));
      return returned.ok ? reply(acceptanceOf(returned.value)) : returned;
    },
  },
});
