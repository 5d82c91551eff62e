import type { z } from 'zod';
import { contract } from '../../src-shared/http/index.ts';
import type { Account, CallOf, Route, ValueOf } from '../../src-shared/http/index.ts';
import { account as accountReply } from '../../src-shared/http/schema.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { repairClock } from './clock.ts';
import type { Context } from './context.ts';
import { keepKnown, knownHere } from './known.ts';
import { refresh, showOrganization } from './picker.ts';
import { release } from './release.ts';
import { greet } from './trust.ts';

/** Meets the authority before anything is said to it: is it the one we trust? */
export const meet = async (context: Context): Promise<Result<null>> => {
  const before = context.ports.store.keysets().length;
  const greeted = await greet(context.ports, context.contact.asMachine, context.trusted());
  if (context.ports.store.keysets().length !== before) await context.reload();
  if (!greeted.ok) return greeted;
  // That the clock cannot be set right says nothing of the authority: it stands in the state.
  if (!(await repairClock(context)).ok) context.publish();
  return ok(null);
};

export const signIn = async (
  context: Context,
  input: { readonly email: string; readonly password: string; readonly otp?: string },
): Promise<Result<null>> => {
  const { ports, contact, session } = context;
  await context.sync();
  const { url } = ports.authority;
  if (url === null) return fail('AUTHORITY_UNREACHABLE', { why: 'no-address' });
  // SECURITY: the password is for the authority whose keys this machine trusts, and for nobody else who answers at that address.
  const met = await meet(context);
  if (!met.ok) return met;
  const reply = await contact.asMachine(contract.accounts.signIn, {
    body: {
      email: input.email, password: input.password, ...(input.otp === undefined ? {} : { otp: input.otp }),
      agent: `${ports.machine.app} on ${ports.store.machine().name}`.slice(0, 200), carrier: 'bearer', ...(await knownHere(ports)),
    },
  });
  if (!reply.ok) return reply;
  if (reply.value.token === null) return fail('INTERNAL', { why: 'no-token' });
  const { account, token } = reply.value;
  await session.begin({ token, account, url });
  await keepKnown(ports, reply.value.known);
  await refresh(context);
  return ok(null);
};

/** Any operation. One that asks for nobody may carry a password or a link's token, so the authority is met first. */
export const callAuthority = async <R extends Route>(
  context: Context,
  route: R,
  call: CallOf<R>,
): Promise<Result<ValueOf<R>>> => {
  if (route.auth !== 'none') {
    const token = context.session.token();
    const reply = await context.contact.asPerson(route, call);
    // An answer that is the account itself is what the app shows from then on.
    if (reply.ok && (route.reply as z.ZodType) === accountReply) context.session.keep(reply.value as Account, token);
    return reply;
  }
  const met = await meet(context);
  if (!met.ok) return met;
  const isSendCode = (route as Route) === contract.security.sendCode;
  const more = isSendCode ? { body: { ...(call as CallOf<typeof contract.security.sendCode>).body, ...(await knownHere(context.ports)) } } : {};
  return context.contact.asMachine(route, Object.assign({}, call, more));
};

/** Online leases that came over the network are given back first when `release` is set; others stay until their end. */
export const signOut = async (context: Context, options: { readonly release: boolean }): Promise<Result<null>> => {
  await context.sync();
  if (options.release) {
    // A checkout that is still under way is released with the others.
    await context.inTurn(async () => undefined);
    for (const lease of context.current().filter(({ mode, carrier }) => mode === 'online' && carrier === 'network')) {
      const released = await release(context, { lease: lease.id, reason: 'logout' });
      if (!released.ok) return released;
    }
  }
  if (context.contact.signedIn()) {
    const told = await context.contact.asPerson(contract.accounts.signOut, {});
    if (!told.ok && told.code === 'CANCELLED') return told;
  }
  // Signed out here whether or not the authority could be told: its session ends by itself.
  await context.session.end();
  return ok(null);
};

/** The account as the authority has it now. */
export const refreshAccount = async (context: Context): Promise<Result<null>> => {
  const token = context.session.token();
  const reply = await context.contact.asPerson(contract.accounts.me, {});
  if (!reply.ok) return reply;
  context.session.keep(reply.value, token);
  return ok(null);
};

export const chooseOrganization = async (context: Context, organization: string): Promise<Result<null>> => {
  await context.sync();
  const { account } = context.mirror.state();
  if (!account) return fail('NOT_SIGNED_IN');
  if (!account.organizations.some(({ id }) => id === organization)) return fail('NOT_FOUND', { organization });
  context.ports.store.write((tx) => tx.setSetting('organization', organization));
  showOrganization(context);
  context.publish();
  await refresh(context);
  return ok(null);
};

export const setDefaultOrganization = async (context: Context, organization: string): Promise<Result<null>> => {
  await context.sync();
  const token = context.session.token();
  const reply = await context.contact.asPerson(contract.accounts.setDefaultOrganization, { body: { organization } });
  if (!reply.ok) return reply;
  context.session.keep(reply.value, token);
  return ok(null);
};
