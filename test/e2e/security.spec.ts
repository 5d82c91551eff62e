import { people } from '../support/e2e/data.ts';
import { expect, test } from '../support/e2e/fixtures.ts';
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
