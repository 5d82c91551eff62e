import { people } from '../support/e2e/data.ts';
import { expect, test } from '../support/e2e/fixtures.ts';
import { settle, tooWide } from '../support/e2e/look.ts';
import { pickerPage } from '../support/e2e/pages/picker.ts';

/** The sources of each directive. */
const directives = (policy: string): ReadonlyMap<string, readonly string[]> =>
  new Map(policy.split(';').map((part) => part.trim().split(/\s+/)).filter(([name]) => name).map(([name = '', ...sources]) => [name, sources]));

test.describe('what a page is denied', () => {
  test('the policies of the app and of the portal let nothing foreign and nothing unsafe in', async ({ launch, openPortal, authority }) => {
    const { page } = await launch();
    const own = new URL(page.url()).origin;
    const policies = {
      app: await page.evaluate(() => fetch('./index.html').then((reply) => reply.headers.get('content-security-policy'))).catch(() => null),
      portal: (await fetch(authority.url)).headers.get('content-security-policy'),
    };
    const [served] = await Promise.all([page.waitForResponse((reply) => reply.request().isNavigationRequest()), page.reload()]);
    policies.app ??= (await served.allHeaders())['content-security-policy'] ?? null;
    for (const [name, policy] of Object.entries(policies)) {
      expect(policy, name).not.toBeNull();
      expect(policy, name).not.toMatch(/unsafe-|\*/);
      const rules = directives(policy ?? '');
      expect(rules.get('default-src'), name).toEqual(["'none'"]);
      expect(rules.get('frame-ancestors'), name).toEqual(["'none'"]);
      // The stand-in adds its own address, and nothing else.
      for (const [directive, sources] of rules) {
        const foreign = sources.filter((source) => /^(https?|wss?):/.test(source) && !source.replace(/^ws/, 'http').startsWith(own));
        expect(foreign, `${name}: ${directive}`).toEqual([]);
      }
    }
    expect(await page.evaluate(() => document.querySelectorAll('script:not([src]), style, [style*="url("]').length)).toBe(0);
    await (await openPortal()).close();
  });

  test('a script put into the page does not run, and no text becomes markup', async ({ launch, watch }) => {
    watch.expect(/content security policy|trusted ?html|trusted ?script/i);
    const { page } = await launch({ as: people.ingrid });
    await pickerPage(page).search.waitFor();
    // A turn later: what the debugger itself evaluates is exempt from the policy.
    const tries = await page.evaluate(() => new Promise((resolve) => setTimeout(() => {
      const denied = (attempt: () => unknown): string => {
        try {
          attempt();
          return 'done';
        } catch {
          return 'denied';
        }
      };
      const place = document.createElement('div');
      resolve({
        markup: denied(() => { place.innerHTML = '<img src=x onerror="globalThis.ran = true">'; }),
        evaluated: denied(() => { globalThis.eval('globalThis.ran = true'); }),
        function: denied(() => { new Function('globalThis.ran = true')(); }),
        inline: denied(() => {
          const script = document.createElement('script');
          script.textContent = 'globalThis.ran = true';
          document.head.append(script);
        }),
        ran: 'ran' in globalThis,
      });
    })));
    expect(tries).toEqual({ markup: 'denied', evaluated: 'denied', function: 'denied', inline: 'denied', ran: false });
  });

  test('names that are markup, addresses or far too long stand on every page as text, and break none', async ({ authority, openPortal, machine }) => {
    test.setTimeout(300_000);
    const script = '<script>globalThis.ran=1</script><img src=x onerror="globalThis.ran=2">';
    const long = `javascript:globalThis.ran=3//${'W'.repeat(150)}`;
    const data = {
      products: [{ id: 'hostile', name: script, kind: 'desktop' }, { id: 'long', name: long, kind: 'desktop' }],
      organizations: [{
        name: script,
        users: [{ email: people.mateo.email, name: people.mateo.name, role: 'owner' }, { email: 'mallory@people.example', name: `Mallory ${script}`, password: 'correct horse battery', role: 'editor' }],
        licenses: [{ id: 'lic_hostile', product: 'hostile', edition: long, features: [script], seats: 2 }, { id: 'lic_long', product: 'long', seats: 1 }],
      }],
    };
    expect((await authority.authority().load(data)).ok).toBe(true);
    const workstation = machine('WS-hostile');
    await workstation.signIn({ email: 'mallory@people.example', name: 'Mallory' });
    await workstation.run(['request', '--out', `${workstation.home}.lkreq`, '--license', 'lic_hostile', '--days', '5', '--name', script]);
    await workstation.run(['checkout', 'lic_hostile']);
    const portal = await openPortal(people.mateo);
    const organization = await authority.organization(await authority.signIn(people.mateo.email), script);
    for (const page of ['', '/people', '/products', '/products/lic_hostile', '/machines', '/tasks', '/usage', '/settings']) {
      await portal.goto(`${authority.url}/organizations/${organization}${page}`);
      await portal.getByRole('heading', { level: 1 }).waitFor();
      await expect(portal.locator('.lk-skeleton')).toHaveCount(0);
      await settle(portal);
      expect(await portal.evaluate(() => ['ran' in globalThis, document.querySelectorAll('script:not([src]), img[src="x"], a[href^="javascript:"]').length]), page).toEqual([false, 0]);
      expect(await tooWide(portal), page).toEqual([]);
    }
    await portal.goto(`${authority.url}/organizations/${organization}/machines`);
    await expect(portal.getByText('<script>globalThis.ran=1</script>').first()).toBeVisible();
  });

  test('the portal takes no order from another site, and its cookie is not for scripts', async ({ openPortal, authority }) => {
    const portal = await openPortal(people.mateo);
    expect(await portal.evaluate(() => document.cookie)).toBe('');
    const [cookie] = await portal.context().cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
    const headers = { origin: 'http://evil.example', 'x-latchkey': 'portal' };
    const refused = await portal.context().request.delete(`${authority.url}/v1/sessions/current`, { headers });
    expect(refused.status()).toBe(403);
    await portal.reload();
    await expect(portal.getByRole('heading', { level: 1, name: 'My licenses' })).toBeVisible();
    // Whoever has the cookie alone is not let in; the portal's own page goes on.
    const alone = await portal.context().request.get(`${authority.url}/v1/me`);
    expect(alone.status()).toBe(401);
    await portal.reload();
    await expect(portal.getByRole('heading', { level: 1, name: 'My licenses' })).toBeVisible();
  });
});
