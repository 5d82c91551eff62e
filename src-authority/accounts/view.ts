import type { Account } from '../../src-shared/http/index.ts';
import type { Profile } from '../../src-shared/http/security.ts';
import type { Seconds } from '../../src-shared/time.ts';
import type { Db } from '../adapter/schema.ts';

/** E-mail addresses are compared without regard to case. */
export const normalizeEmail = (email: string): string => email.trim().normalize('NFC').toLowerCase();

export const accountOf = async (db: Db, user: string): Promise<Account> => {
  const person = await db.selectFrom('user').select(['id', 'email', 'name', 'default_organization']).where('id', '=', user).executeTakeFirstOrThrow();
  const organizations = await db
    .selectFrom('member')
    .innerJoin('organization', 'organization.id', 'member.organization')
    .where('member.user', '=', user)
    .orderBy('organization.name')
    .select(['organization.id', 'organization.name', 'member.role'])
    .execute();
  const isMember = organizations.some(({ id }) => id === person.default_organization);
  return {
    user: { id: person.id, email: person.email, name: person.name },
    organizations,
    defaultOrganization: isMember ? person.default_organization : null,
  };
};

/** Who came from a load file has one name; its last word is taken for the last name until they say otherwise. */
const partsOf = (name: string): readonly [string, string] => {
  const at = name.trim().lastIndexOf(' ');
  return at < 0 ? [name.trim(), ''] : [name.trim().slice(0, at), name.trim().slice(at + 1)];
};

export const profileOf = async (db: Db, user: string, now: Seconds): Promise<Profile> => {
  const person = await db.selectFrom('user').select(['name', 'first_name', 'last_name', 'locale', 'cluster']).where('id', '=', user).executeTakeFirstOrThrow();
  const pending = await db
    .selectFrom('account_link').select(['email', 'expires_at']).where('user', '=', user).where('purpose', '=', 'email')
    .where('used_at', 'is', null).where('ended_at', 'is', null).where('expires_at', '>', now).executeTakeFirst();
  const [first, last] = partsOf(person.name);
  return {
    firstName: person.first_name ?? first,
    lastName: person.last_name ?? last,
    locale: person.locale,
    cluster: person.cluster,
    pendingEmail: pending && pending.email !== null ? { email: pending.email, expiresAt: pending.expires_at } : null,
  };
};
