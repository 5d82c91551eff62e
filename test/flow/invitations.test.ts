import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { contract } from '../../src-shared/http/index.ts';
import type { CallAuthority } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import type { Role } from '../../src-shared/role.ts';
import { DAY } from '../../src-shared/time.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { startSmtp } from '../support/smtp.ts';
import type { TestSmtp } from '../support/smtp.ts';

const { people } = contract;
const GOOD = 'tischlampe regen violine anker';

let smtp: TestSmtp;
let a: TestAuthority;
let manager: CallAuthority;
let organization: string;
beforeEach(async () => {
  smtp = await startSmtp();
  a = await startAuthority({ smtp: smtp.url });
  const token = await a.signIn('manager@northlight.example');
  manager = a.call(token);
  organization = await a.organization(token, 'Northlight');
});
afterEach(async () => {
  await a.close();
  await smtp.close();
});

const invite = async (address: string, role: Role = 'editor') => {
  const { invites } = unwrap(await manager(people.invite, { params: { organization }, body: { addresses: [address], role } }));
  return { id: invites[0]?.id ?? '', token: (await smtp.next(address)).token() };
};
const view = (token: string) => a.call()(people.readInvitation, { body: { token } });
const signUp = async (token: string, more: object = {}) => {
  const seen = await view(token);
  const accepts = seen.ok ? seen.value.terms : { agreement: '', privacy: '' };
  return a.call()(people.signUp, { body: { token, firstName: 'Nora', lastName: 'Neu', password: GOOD, accepts, ...more } });
};
const members = async () => unwrap(await manager(people.list, { params: { organization }, query: { limit: 200 } })).people;
const open = async (status: 'open' | 'all' = 'all') => unwrap(await manager(people.invites, { params: { organization }, query: { status } })).invites;

test('somebody new signs up from the link in the mail, joins, and what they accepted is kept with version and time', async () => {
  const { token } = await invite('Nora@New.example');
  expect(unwrap(await view(token))).toMatchObject({
    organization: { id: organization, name: 'Northlight' }, email: 'nora@new.example', role: 'editor', invitedBy: 'Mia Manager', hasAccount: false, expiresAt: a.clock.now() + 14 * DAY,
  });
  expect(await signUp(token, { locale: 'de' })).toEqual({ ok: true, value: { organization } });
  const call = a.call(await a.signIn('nora@new.example', GOOD));
  expect(unwrap(await call(contract.accounts.me, {}))).toMatchObject({ user: { name: 'Nora Neu' }, organizations: [{ id: organization, role: 'editor' }], defaultOrganization: organization });
  expect((await open())[0]).toMatchObject({ status: 'accepted' });
  const database = new BetterSqlite(join(a.home, 'authority.db'), { readonly: true });
  expect(database.prepare("SELECT document, version, at FROM acceptance JOIN user ON user.id = acceptance.user WHERE email = 'nora@new.example' ORDER BY document").all()).toEqual([
    { document: 'agreement', version: '2026-11', at: a.clock.now() },
    { document: 'privacy', version: '2026-11', at: a.clock.now() },
  ]);
  expect(database.prepare("SELECT first_name, last_name, locale FROM user WHERE email = 'nora@new.example'").get()).toEqual({ first_name: 'Nora', last_name: 'Neu', locale: 'de' });
  expect(database.prepare('SELECT count(*) FROM invite WHERE token_hash = ?').pluck().get(token)).toBe(0);
  database.close();
});

test('what is to be accepted can be read in both languages, and another version is refused', async () => {
  const { token } = await invite('nora@new.example');
  for (const document of ['agreement', 'privacy'] as const) {
    const [en, de] = [unwrap(await a.call()(people.terms, { params: { document }, query: {} })), unwrap(await a.call()(people.terms, { params: { document }, query: { locale: 'de' } }))];
    expect(en.version).toBe(de.version);
    expect(en.text.length).toBeGreaterThan(500);
    expect(de.text).not.toBe(en.text);
    expect(en.text).toContain(`Version ${en.version}`);
  }
  expect(await signUp(token, { accepts: { agreement: '2020-01', privacy: '2026-11' } })).toMatchObject({ code: 'CONFLICT', details: { why: 'terms', agreement: '2026-11' } });
  expect(unwrap(await view(token)).email).toBe('nora@new.example');
});

test('a weak password is refused, also one made of the person’s own name, and the invitation stays usable', async () => {
  const { token } = await invite('nora.neumann@new.example');
  for (const password of ['password123', 'Passwort123', 'nora.neumann@new.example', 'NoraNeumann2026']) {
    expect({ password, ...(await signUp(token, { password, lastName: 'Neumann' })) }).toMatchObject({ ok: false, code: 'PASSWORD_WEAK' });
  }
  expect(await signUp(token)).toMatchObject({ ok: true });
});

test('an invitation used twice in parallel makes one member', async () => {
  const { token } = await invite('nora@new.example');
  const before = (await members()).length;
  const outcomes = await Promise.all(Array.from({ length: 6 }, () => signUp(token)));
  expect(outcomes.filter((each) => each.ok)).toHaveLength(1);
  expect(outcomes.filter((each) => !each.ok).every((each) => !each.ok && each.code === 'INVITE_ENDED')).toBe(true);
  expect(await members()).toHaveLength(before + 1);
});

test('one with an account accepts it only as the person it was sent to, once, also in parallel', async () => {
  const { token } = await invite('boss@harbor.example', 'reader');
  expect(unwrap(await view(token)).hasAccount).toBe(true);
  expect(await signUp(token)).toMatchObject({ code: 'CONFLICT', details: { why: 'account' } });
  expect(await manager(people.acceptInvitation, { body: { token } })).toMatchObject({ code: 'FORBIDDEN', details: { why: 'other-address' } });
  const boss = a.call(await a.signIn('boss@harbor.example'));
  const outcomes = await Promise.all(Array.from({ length: 5 }, () => boss(people.acceptInvitation, { body: { token } })));
  expect(outcomes.filter((each) => each.ok)).toHaveLength(1);
  expect((await members()).find((each) => each.email === 'boss@harbor.example')).toMatchObject({ role: 'reader' });
  const { organizations } = unwrap(await boss(contract.accounts.me, {}));
  expect(organizations.map(({ name, role }) => [name, role])).toEqual([['Harbor', 'owner'], ['Northlight', 'reader']]);
});

test('links that were cancelled, declined, or have expired are dead', async () => {
  const [cancelled, declined, late] = [await invite('one@new.example'), await invite('two@new.example'), await invite('three@new.example')];
  expect(unwrap(await manager(people.cancelInvite, { params: { organization, invite: cancelled.id } })).status).toBe('cancelled');
  unwrap(await a.call()(people.declineInvitation, { body: { token: declined.token } }));
  a.clock.advance(14 * DAY - 1);
  expect(unwrap(await view(late.token)).email).toBe('three@new.example');
  a.clock.advance(1);
  manager = a.call(await a.signIn('manager@northlight.example'));
  const why = ['cancelled', 'declined', 'expired'];
  for (const [at, { token }] of [cancelled, declined, late].entries()) {
    for (const attempt of [await view(token), await a.call()(people.declineInvitation, { body: { token } }), await manager(people.acceptInvitation, { body: { token } })]) {
      expect(attempt).toMatchObject({ code: 'INVITE_ENDED', details: { why: why[at] } });
    }
    expect(await a.call()(people.signUp, { body: { token, firstName: 'X', lastName: 'Y', password: GOOD, accepts: { agreement: '2026-11', privacy: '2026-11' } } })).toMatchObject({ code: 'INVITE_ENDED' });
  }
  expect((await members()).filter((each) => each.email.endsWith('@new.example'))).toEqual([]);
  expect((await open('open')).map(({ email, status }) => [email, status])).toEqual([['three@new.example', 'expired']]);
});

test('sending it again puts another link in the place of the first, with a new term; not twice in a minute', async () => {
  const first = await invite('nora@new.example');
  expect(await manager(people.resend, { params: { organization, invite: first.id } })).toMatchObject({ code: 'RATE_LIMITED', details: { retryAfter: 60 } });
  a.clock.advance(15 * DAY);
  expect(unwrap(await manager(people.resend, { params: { organization, invite: first.id } }))).toMatchObject({ status: 'pending', expiresAt: a.clock.now() + 14 * DAY });
  const second = (await smtp.next('nora@new.example')).token();
  expect(second).not.toBe(first.token);
  expect(await view(first.token)).toMatchObject({ code: 'NOT_FOUND' });
  expect(await signUp(second)).toMatchObject({ ok: true });
  expect(await manager(people.resend, { params: { organization, invite: first.id } })).toMatchObject({ code: 'CONFLICT', details: { why: 'ended', status: 'accepted' } });
});

test('many at once: each address has its own outcome, and each mail goes out once', async () => {
  await invite('open@new.example');
  const addresses = ['a@new.example', 'A@New.example', 'b@new.example', 'open@new.example', 'editor@northlight.example'];
  const { invites, refused } = unwrap(await manager(people.invite, { params: { organization }, body: { addresses, role: 'reader' } }));
  expect(invites.map(({ email }) => email)).toEqual(['a@new.example', 'b@new.example']);
  expect(refused).toEqual([{ address: 'open@new.example', why: 'invited' }, { address: 'editor@northlight.example', why: 'member' }]);
  await smtp.next('a@new.example');
  await smtp.next('b@new.example');
  expect(smtp.mails().map(({ to }) => to).toSorted()).toEqual(['a@new.example', 'b@new.example', 'open@new.example']);
});

test('the role can be changed until it is accepted, and is then the member’s', async () => {
  const { id, token } = await invite('nora@new.example', 'reader');
  expect(unwrap(await manager(people.editInvite, { params: { organization, invite: id }, body: { role: 'manager' } })).role).toBe('manager');
  expect(await manager(people.editInvite, { params: { organization, invite: id }, body: { role: 'owner' } })).toMatchObject({ code: 'FORBIDDEN' });
  unwrap(await signUp(token));
  expect((await members()).find((each) => each.email === 'nora@new.example')).toMatchObject({ role: 'manager' });
});

test('a manager does not touch an owner’s invitation', async () => {
  const owner = a.call(await a.signIn('owner@northlight.example'));
  const { invites } = unwrap(await owner(people.invite, { params: { organization }, body: { addresses: ['boss@new.example'], role: 'owner' } }));
  const params = { organization, invite: invites[0]?.id ?? '' };
  a.clock.advance(120);
  for (const attempt of [
    await manager(people.cancelInvite, { params }), await manager(people.resend, { params }), await manager(people.editInvite, { params, body: { role: 'reader' } }),
  ]) {
    expect(attempt).toMatchObject({ code: 'FORBIDDEN' });
  }
});

const rolesOf = async (address: string): Promise<string | undefined> => (await members()).find(({ email }) => email === address)?.role;
const idOf = async (address: string): Promise<string> => (await members()).find(({ email }) => email === address)?.id ?? '';

test('the invitations of somebody who is removed are cancelled with them: the removal names them before, and nobody comes in by one', async () => {
  const owner = a.call(await a.signIn('owner@northlight.example'));
  const { token } = await invite('accomplice@new.example', 'manager');
  const person = await idOf('manager@northlight.example');
  const removal = { params: { organization }, body: { people: [person], confirm: false } };
  expect(unwrap(await owner(people.remove, removal)).invites).toMatchObject([{ email: 'accomplice@new.example', role: 'manager' }]);
  expect(unwrap(await view(token)).role).toBe('manager');
  expect(unwrap(await owner(people.remove, { ...removal, body: { people: [person], confirm: true } })).invites).toHaveLength(1);
  expect(await view(token)).toMatchObject({ code: 'INVITE_ENDED', details: { why: 'cancelled' } });
  expect(await signUp(token, { accepts: { agreement: '2026-11', privacy: '2026-11' } })).toMatchObject({ code: 'INVITE_ENDED' });
  manager = owner;
  expect((await open()).map(({ email, status }) => [email, status])).toEqual([['accomplice@new.example', 'cancelled']]);
});

test('with a lower role the invitations that it may not give are cancelled, and the others go on; those that somebody else has sent again go on too', async () => {
  const owner = a.call(await a.signIn('owner@northlight.example'));
  unwrap(await owner(people.changeRole, { params: { organization, person: await idOf('manager@northlight.example') }, body: { role: 'owner' } }));
  const [asOwner, asEditor, adopted] = [await invite('one@new.example', 'owner'), await invite('two@new.example', 'editor'), await invite('three@new.example', 'owner')];
  a.clock.advance(120);
  unwrap(await owner(people.resend, { params: { organization, invite: adopted.id } }));
  const again = (await smtp.next('three@new.example')).token();
  unwrap(await owner(people.changeRole, { params: { organization, person: await idOf('manager@northlight.example') }, body: { role: 'manager' } }));
  expect(await view(asOwner.token)).toMatchObject({ code: 'INVITE_ENDED', details: { why: 'cancelled' } });
  expect([unwrap(await view(asEditor.token)).role, unwrap(await view(again)).role]).toEqual(['editor', 'owner']);
  unwrap(await owner(people.changeRole, { params: { organization, person: await idOf('manager@northlight.example') }, body: { role: 'editor' } }));
  expect(await view(asEditor.token)).toMatchObject({ code: 'INVITE_ENDED', details: { why: 'cancelled' } });
  unwrap(await signUp(again));
  expect(await rolesOf('three@new.example')).toBe('owner');
});

test('the invitations of somebody who leaves, or deletes their account, are cancelled', async () => {
  const { token } = await invite('one@new.example');
  unwrap(await manager(contract.organizations.leave, { params: { organization } }));
  expect(await view(token)).toMatchObject({ code: 'INVITE_ENDED', details: { why: 'cancelled' } });
  const owner = a.call(await a.signIn('owner@northlight.example'));
  unwrap(await owner(people.changeRole, { params: { organization, person: unwrap(await owner(people.list, { params: { organization }, query: { limit: 200 } })).people.find(({ email }) => email === 'second@northlight.example')?.id ?? '' }, body: { role: 'manager' } }));
  manager = a.call(await a.signIn('second@northlight.example'));
  const other = await invite('two@new.example');
  unwrap(await manager(contract.security.remove, { body: { password: PASSWORD, email: 'second@northlight.example' } }));
  expect(await view(other.token)).toMatchObject({ code: 'INVITE_ENDED', details: { why: 'cancelled' } });
});

test('an invitation whose sender has lost the role in any other way brings nobody in', async () => {
  const { token } = await invite('one@new.example');
  const database = new BetterSqlite(join(a.home, 'authority.db'));
  database.prepare("UPDATE member SET role = 'reader' WHERE user = (SELECT id FROM user WHERE email = 'manager@northlight.example')").run();
  database.close();
  expect(await view(token)).toMatchObject({ code: 'INVITE_ENDED', details: { why: 'cancelled' } });
  expect(await signUp(token, { accepts: { agreement: '2026-11', privacy: '2026-11' } })).toMatchObject({ code: 'INVITE_ENDED', details: { why: 'cancelled' } });
});

test('addresses with an ampersand, of other scripts, and of their top-level domains are invited; one that is none is named, and the others go on', async () => {
  const good = ['r&d@studio.example', 'jörg@studio.example', 'info@bücher.example', 'anna@studio.香港', "o'neil+x@a.b.example"];
  const bad = ['no address', 'two@@studio.example', 'a@b', '.dot@studio.example', 'a@studio.example\nbcc: b@studio.example', 'a@-x.example', 'a@1.2.3.4', '<a@studio.example>'];
  const { invites, refused } = unwrap(await manager(people.invite, { params: { organization }, body: { addresses: [bad[0] ?? '', ...good, ...bad.slice(1)], role: 'editor' } }));
  expect(invites.map(({ email }) => email).toSorted()).toEqual(good.toSorted());
  expect(refused).toEqual(bad.map((address) => ({ address, why: 'address' })));
  for (const address of ['r&d@studio.example']) unwrap(await signUp((await smtp.next(address)).token()));
  expect(await a.signIn('R&D@studio.example', GOOD)).toEqual(expect.any(String));
  expect(unwrap(await manager(people.invites, { params: { organization }, query: { search: 'jorg' } })).total).toBe(1);
});

test('an invitation is found by what was typed, whatever signs are in it', async () => {
  for (const address of ['first_last@new.example', 'firstxlast@new.example']) await invite(address);
  const found = async (search: string) => unwrap(await manager(people.invites, { params: { organization }, query: { status: 'all', search } })).invites.map(({ email }) => email).toSorted();
  expect(await found('first_last')).toEqual(['first_last@new.example']);
  expect(await found('FIRST_')).toEqual(['first_last@new.example']);
  expect(await found('%')).toEqual([]);
  expect(await found('\\')).toEqual([]);
});

test('tokens and addresses stand in no log and no audit row', async () => {
  const { token } = await invite('nora@new.example');
  unwrap(await signUp(token));
  const rows: string[] = [];
  for await (const row of a.authority().auditRows()) rows.push(JSON.stringify(row));
  for (const text of [a.log.join('\n'), rows.join('\n')]) {
    expect(text).not.toContain(token);
    expect(text).not.toContain('nora@new.example');
    expect(text).not.toContain(GOOD);
  }
});
