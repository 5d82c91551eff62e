import { afterAll, beforeAll, expect, test } from 'vitest';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { startSmtp } from '../support/smtp.ts';
import type { TestSmtp } from '../support/smtp.ts';

/** Names that are markup, addresses, headers, or longer than anybody is called: at the border, in mails, and in documents. */

let a: TestAuthority;
let smtp: TestSmtp;
beforeAll(async () => {
  smtp = await startSmtp();
  a = await startAuthority({ smtp: smtp.url });
});
afterAll(async () => {
  await a.close();
  await smtp.close();
});

const script = '<script>alert(1)</script>';
const markup = ['<img src=x onerror=alert(1)>', '"><svg onload=alert(1)>', '<a href="javascript:alert(1)">x</a>', '&lt;b&gt;', '</title><script>1</script>'];

test('a name with a control character, a line of its own or a turned direction is refused with its place, and nothing changes', async () => {
  const token = await a.signIn('owner@northlight.example');
  const call = a.call(token);
  const organization = await a.organization(token, 'Northlight');
  for (const bad of ['Two\nlines', 'Bcc:\r\nbcc: all@x.example', 'tab\tbed', 'nul\u0000', 'turned \u202egnirts', 'hidden \u2066part\u2069', 'paragraph\u2029end', '\u001b[31mred']) {
    expect(await call(contract.organizations.create, { body: { name: bad } })).toMatchObject({ code: 'INPUT_INVALID', details: { at: 'body.name' } });
    expect(await call(contract.organizations.edit, { params: { organization }, body: { name: bad, legal: null, cluster: 'eu' } })).toMatchObject({ code: 'INPUT_INVALID' });
    expect(await call(contract.security.rename, { body: { firstName: bad, lastName: 'X' } })).toMatchObject({ code: 'INPUT_INVALID', details: { at: 'body.firstName' } });
  }
  expect(await call(contract.organizations.create, { body: { name: 'n'.repeat(101) } })).toMatchObject({ code: 'INPUT_INVALID' });
  expect(unwrap(await call(contract.accounts.me, {})).organizations.map(({ name }) => name)).toEqual(['Northlight']);
});

test('markup in the names of a person, an organization, a product and a machine stays text in every letter, and adds no header', async () => {
  const owner = 'mallory@people.example';
  const data = {
    products: [{ id: 'hostile', name: `Stage ${script}`, kind: 'desktop' }],
    organizations: [{
      name: `Studio ${script}`,
      users: [{ email: owner, name: `Mallory ${script}`, password: PASSWORD, role: 'owner' }, { email: 'victim@people.example', name: 'Vera Victim', password: PASSWORD, role: 'editor' }],
      licenses: [{ id: 'lic_hostile', product: 'hostile', edition: markup[0], seats: 2, access: 'assigned' }],
    }],
  };
  unwrap(await a.authority().load(data));
  const token = await a.signIn(owner);
  const call = a.call(token);
  const organization = await a.organization(token, `Studio ${script}`);
  const { people } = unwrap(await call(contract.people.list, { params: { organization }, query: {} }));
  const victim = people.find(({ email }) => email === 'victim@people.example')?.id ?? '';
  unwrap(await call(contract.holdings.assign, { params: { organization }, body: { person: victim, licenses: ['lic_hostile'] } }));
  unwrap(await call(contract.people.invite, { params: { organization }, body: { addresses: ['guest@people.example'], role: 'reader' } }));
  const victims = a.call(await a.signIn('victim@people.example'));
  for (const note of [markup.join(' '), 'line one\r\nBcc: everybody@x.example\r\n\r\nClick http://evil.example']) {
    unwrap(await call(contract.holdings.unassign, { params: { organization }, body: { person: victim, licenses: ['lic_hostile'] } }));
    unwrap(await victims(contract.holdings.ask, { params: { organization }, body: { kind: 'assignment', license: 'lic_hostile', note } }));
    unwrap(await call(contract.holdings.assign, { params: { organization }, body: { person: victim, licenses: ['lic_hostile'] } }));
  }
  const letters = [
    await smtp.next('victim@people.example'), await smtp.next('guest@people.example'), await smtp.next(owner), await smtp.next(owner),
  ];
  for (const { subject, html, text, to } of letters) {
    const tags = html.match(/<[^>]*>/g) ?? [];
    expect(tags.filter((tag) => !/^<(!doctype|\/?(html|head|meta|title|body|div|p|a|ul|li|hr))\b/i.test(tag) || /\son\w+=|href="(?!http)/i.test(tag))).toEqual([]);
    expect(html).toContain('&lt;script&gt;');
    expect(subject).not.toMatch(/[\r\n]/);
    // No paragraph begins with what somebody else wrote.
    expect(text).not.toMatch(/^(Bcc:|Click )/m);
    expect(to).not.toContain('everybody');
  }
  expect(letters[0]?.subject).toContain(script);
});
