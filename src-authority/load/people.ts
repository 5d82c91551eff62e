import { Refusal } from '../../src-shared/result.ts';
import { normalizeEmail } from '../accounts/accounts.ts';
import { endLinks } from '../accounts/links.ts';
import { endSessions } from '../accounts/sessions.ts';
import type { AuditAction } from '../audit/audit.ts';
import type { Locale } from '../adapter/schema.ts';
import { membershipBegunLetter } from '../mail/letters/membership-begun.ts';
import { passwordChangedLetter } from '../mail/letters/password.ts';
import { portalLink, queueMail } from '../mail/queue.ts';
import { endInvitesLost } from '../people/inviters.ts';
import type { LoadFile } from './format.ts';
import type { Loading } from './load.ts';
import { personLoaded, remember } from './memory.ts';
import type { Change, Kept } from './report.ts';

type UserEntry = LoadFile['organizations'][number]['users'][number];
type Organization = { readonly id: string; readonly name: string };
type Account = { readonly id: string; readonly name: string; readonly email: string; readonly locale: Locale; readonly deleted_at: number | null };

/** The account that the file means by an address: whom it meant the last time, else who has the address. */
export const accountFor = async ({ trx, resetPeople }: Pick<Loading, 'trx' | 'resetPeople'>, organization: string, email: string): Promise<Account | undefined> => {
  const loaded = await personLoaded(trx, organization, email);
  const columns = ['id', 'name', 'email', 'locale', 'deleted_at'] as const;
  const meant = loaded === null ? undefined : await trx.selectFrom('user').select(columns).where('id', '=', loaded.user).executeTakeFirst();
  // With --reset-people an account that was deleted is made anew.
  if (meant && !(resetPeople && meant.deleted_at !== null)) return meant;
  return trx.selectFrom('user').select(columns).where('email', '=', email).executeTakeFirst();
};

const create = async ({ trx, random, now, hashes }: Loading, entry: UserEntry, email: string, organization: string): Promise<Account> => {
  const password = hashes.get(email);
  if (password === undefined) throw new Refusal('INPUT_INVALID', { why: 'password', problem: 'a new person needs a password', at: email });
  const id = random.id('usr');
  await trx.insertInto('user').values({ id, email, name: entry.name, password, default_organization: organization, created_at: now }).execute();
  return { id, name: entry.name, email, locale: 'en', deleted_at: null };
};

/** What `--reset-people` sets back of the account itself. Where the password changes, everything ends that was opened with the old one. */
const resetAccount = async ({ trx, ground, now, hashes, record }: Loading, entry: UserEntry, email: string, account: Account): Promise<Change['fields']> => {
  const hash = hashes.get(email);
  const fields: Record<string, Change['fields'][string]> = {};
  if (account.name !== entry.name) {
    fields['name'] = { from: account.name, to: entry.name };
    await trx.updateTable('user').set({ name: entry.name, first_name: null, last_name: null }).where('id', '=', account.id).execute();
    record({ organization: null, action: 'user.renamed', subject: account.id, details: {} });
  }
  if (hash !== undefined) {
    fields['password'] = { from: null, to: null };
    await trx.updateTable('user').set({ password: hash }).where('id', '=', account.id).execute();
    const sessions = await endSessions(trx, account.id, now);
    await endLinks(trx, account.id, ['email', 'password'], now);
    const facts = { name: entry.name, at: now, forgotLink: portalLink(ground, '/password-reset') };
    await queueMail(trx, { to: account.email, locale: account.locale, letter: passwordChangedLetter, facts, at: now });
    record({ organization: null, action: 'user.password-reset', subject: account.id, details: { sessions } });
  }
  return fields;
};

const join = async ({ trx, ground, now, touchedPeople, record }: Loading, entry: UserEntry, { id: organization, name }: Organization, account: Account, isNew: boolean): Promise<void> => {
  await trx.insertInto('member').values({ organization, user: account.id, role: entry.role, joined_at: now }).execute();
  touchedPeople.add(account.id);
  if (isNew) return;
  await trx.updateTable('user').set({ default_organization: organization }).where('id', '=', account.id).where('default_organization', 'is', null).execute();
  record({ organization, action: 'member.joined', subject: account.id, details: { role: entry.role } });
  const facts = { organization: name, role: entry.role, link: portalLink(ground, `/organizations/${encodeURIComponent(organization)}/products`) };
  await queueMail(trx, { to: account.email, locale: account.locale, letter: membershipBegunLetter, facts, at: now });
};

const changeRole = async ({ trx, now, touchedPeople, record }: Loading, entry: UserEntry, organization: string, user: string, was: string): Promise<void> => {
  await trx.updateTable('member').set({ role: entry.role }).where('organization', '=', organization).where('user', '=', user).execute();
  // As when a person changes it: an offer of ownership ends with the ownership, or with what it offers.
  if (was === 'owner') await trx.deleteFrom('ownership_offer').where('organization', '=', organization).where('offered_by', '=', user).execute();
  if (entry.role === 'owner') await trx.deleteFrom('ownership_offer').where('organization', '=', organization).where('offered_to', '=', user).execute();
  await endInvitesLost(trx, { organization, user, left: entry.role, by: 'operator', now });
  touchedPeople.add(user);
  record({ organization, action: 'member.role-changed', subject: user, details: { from: was, to: entry.role } });
};

/**
 * Brings one person of an organization to what the file says, as far as people have not decided otherwise since the file was
 * loaded last: whoever is there keeps name and password, whoever was removed stays so, and a role that people gave stays.
 * Returns the account's id. Errors (thrown): `INPUT_INVALID` (why: password).
 */
export const loadPerson = async (loading: Loading, entry: UserEntry, organization: Organization): Promise<string> => {
  const { trx, report, resetPeople, source } = loading;
  const email = normalizeEmail(entry.email);
  const before = await personLoaded(trx, organization.id, email);
  const known = await accountFor(loading, organization.id, email);
  const about = { kind: 'person', organization: organization.name, name: email } as const;
  const keep = (id: string, why: Kept['why'], is: string | null, file: string): void => void report.kept.push({ ...about, id, why, is, file });

  if (known && known.deleted_at !== null) {
    keep(known.id, 'deleted', null, entry.role);
    return known.id;
  }
  const account = known ?? (await create(loading, entry, email, organization.id));
  const user = account.id;
  await remember(trx, { kind: 'person', organization: organization.id, subject: email, content: { user, role: entry.role }, source });
  if (!known) {
    await join(loading, entry, organization, account, true);
    loading.created.add(user);
    report.changes.push({ ...about, id: user, how: 'created', fields: { role: { from: null, to: entry.role } } });
    loading.record({ organization: organization.id, action: 'user.loaded', subject: user, details: { role: entry.role } });
    return user;
  }

  const fields: Record<string, Change['fields'][string]> = resetPeople ? { ...(await resetAccount(loading, entry, email, account)) } : {};
  if (!resetPeople && account.name !== entry.name) keep(user, 'name', account.name, entry.name);
  const member = await trx.selectFrom('member').select('role').where('organization', '=', organization.id).where('user', '=', user).executeTakeFirst();
  if (!member && before !== null && !resetPeople) keep(user, 'removed', null, entry.role);
  else if (!member) {
    await join(loading, entry, organization, account, loading.created.has(user));
    fields['role'] = { from: null, to: entry.role };
  } else if (member.role !== entry.role) {
    const isOfFile = before !== null && before.role === member.role && before.role !== entry.role;
    if (isOfFile || resetPeople) {
      await changeRole(loading, entry, organization.id, user, member.role);
      fields['role'] = { from: member.role, to: entry.role };
    } else keep(user, 'role', member.role, entry.role);
  }
  if (Object.keys(fields).length > 0) {
    report.changes.push({ ...about, id: user, how: resetPeople ? 'reset' : 'changed', fields });
    loading.record({ organization: organization.id, action: 'user.loaded' satisfies AuditAction, subject: user, details: { role: entry.role } });
  }
  return user;
};
