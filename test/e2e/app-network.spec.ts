import { createServer } from 'node:http';
import { createCompany, NAME } from '../support/company.ts';
import { people } from '../support/e2e/data.ts';
import { expect, test } from '../support/e2e/fixtures.ts';
import { signInPage } from '../support/e2e/pages/sign-in.ts';

/** What a person reads when the network of the company is in the way, and that they get in when it is not. */
test('a certificate, a proxy and a sign-in of the network are told as what they are', async ({ authority, launch }) => {
  const company = createCompany();
  try {
    const port = Number(new URL(authority.url).port);
    const portal = createServer((_request, response) => response.writeHead(302, { location: 'http://portal.example/' }).end());
    const system = { SSL_CERT_FILE: company.ca };
    const cases = [
      { authority: `https://localhost:${await company.secured(port, 'self-signed')}`, env: system, told: 'The license authority cannot be trusted' },
      { authority: `https://localhost:${await company.secured(port, 'expired')}`, env: system, told: 'The license authority cannot be trusted' },
      { authority: `https://${NAME}`, env: { ...system, ELECTRON_PREVIEW_PROXY: (await company.startProxy(407)).address }, told: 'The proxy does not connect' },
      { authority: `http://127.0.0.1:${await company.listen(portal)}`, env: {}, told: 'The network wants a sign-in' },
    ];
    for (const [index, { told, ...options }] of cases.entries()) {
      const app = await launch({ home: `refused-${index}`, ...options });
      const signIn = signInPage(app.page);
      await signIn.enter(people.ingrid);
      await expect(signIn.problem).toContainText(told);
      await app.quit();
    }
    const proxy = await company.startProxy('connects', await company.secured(port));
    const { page } = await launch({ home: 'good', authority: `https://${NAME}`, env: { ...system, ELECTRON_PREVIEW_PROXY: proxy.address }, as: people.ingrid });
    await expect(page.getByRole('heading', { level: 1 })).not.toHaveText('Sign in');
  } finally {
    await company.close();
  }
});
