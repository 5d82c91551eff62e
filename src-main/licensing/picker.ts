import type { PickerState } from '../../src-shared/desktop.ts';
import { contract } from '../../src-shared/http/index.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import type { Context } from './context.ts';

/** Shows the chosen organization with what is cached of it; signed out, nobody's. */
export const showOrganization = (context: Context): void => {
  const { ports, mirror, contact } = context;
  const { account, picker } = mirror.state();
  if (!account || !contact.signedIn()) {
    if (picker.organization) mirror.set({ picker: { organization: null, asOf: null, loading: false, problem: null, entitlements: [] } });
    return;
  }
  const chosen = ports.store.setting('organization') ?? account.defaultOrganization;
  const found = account.organizations.find(({ id }) => id === chosen) ?? account.organizations[0];
  if (found && picker.organization?.id === found.id && picker.organization.name === found.name) return;
  const cached = found ? ports.store.entitlements(account.user.id, found.id) : null;
  mirror.set({
    picker: {
      organization: found ? { id: found.id, name: found.name } : null,
      asOf: cached?.asOf ?? null, loading: false, problem: null, entitlements: cached?.entitlements ?? [],
    },
  });
};

/** Brings one organization's entitlements up to date: the one shown, unless another is named. The cached list stays when that fails. */
export const refresh = async (context: Context, organization?: string): Promise<Result<null>> => {
  const { ports, mirror, contact, session } = context;
  const { account } = mirror.state();
  const token = session.token();
  if (!account || token === null) return fail('NOT_SIGNED_IN');
  const id = organization ?? mirror.state().picker.organization?.id;
  if (id === undefined) return ok(null);
  // An answer that comes after this session has ended is not shown to the next person.
  const isShown = (): boolean => session.token() === token && mirror.state().picker.organization?.id === id;
  if (isShown()) mirror.set({ picker: { ...mirror.state().picker, loading: true } });
  const reply = await contact.asPerson(contract.licenses.entitlements, { params: { organization: id }, query: { machine: ports.machine.id } });
  if (!reply.ok) {
    // That somebody stopped waiting says nothing of the list that is there.
    const problem = reply.code === 'CANCELLED' && mirror.state().picker.asOf !== null ? {} : { problem: { code: reply.code, details: reply.details } };
    if (isShown()) mirror.set({ picker: { ...mirror.state().picker, loading: false, ...problem } });
    return reply;
  }
  const { asOf, entitlements } = reply.value;
  ports.store.write((tx) => tx.saveEntitlements(account.user.id, id, asOf, entitlements));
  context.entitlementsChanged();
  if (isShown()) mirror.set({ picker: { ...mirror.state().picker, asOf, entitlements, loading: false, problem: null } });
  context.publish();
  return ok(null);
};

export const entitlements = async (context: Context, organization?: string): Promise<Result<PickerState>> => {
  const { account } = context.mirror.state();
  if (!account) return fail('NOT_SIGNED_IN');
  const id = organization ?? account.defaultOrganization ?? account.organizations[0]?.id;
  const found = account.organizations.find((each) => each.id === id);
  if (!found) return fail('NOT_FOUND', id === undefined ? {} : { organization: id });
  const refreshed = await refresh(context, found.id);
  const cached = context.ports.store.entitlements(account.user.id, found.id);
  if (!refreshed.ok && (!cached || refreshed.code !== 'AUTHORITY_UNREACHABLE')) return refreshed;
  return ok({
    organization: { id: found.id, name: found.name }, asOf: cached?.asOf ?? null, loading: false,
    problem: refreshed.ok ? null : { code: refreshed.code, details: refreshed.details }, entitlements: cached?.entitlements ?? [],
  });
};
