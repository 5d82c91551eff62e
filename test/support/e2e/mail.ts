import { join } from 'node:path';
import { startAuthority } from '../authority.ts';
import { project } from '../build.ts';
import { startSmtp } from '../smtp.ts';
import type { TestSmtp } from '../smtp.ts';
import { organizations, secondsNow } from './data.ts';
import { test as base } from './fixtures.ts';

/** As `test` of the fixtures, with an authority that sends its letters to a real SMTP server on loopback. */
export const test = base.extend<{ readonly smtp: TestSmtp }>({
  smtp: async ({}, use) => {
    const smtp = await startSmtp();
    await use(smtp);
    await smtp.close();
  },
  authority: async ({ smtp }, use) => {
    const clock = { now: secondsNow, set: () => undefined, advance: () => undefined };
    const authority = await startAuthority({ data: organizations(), clock, portal: join(project, 'out/portal'), smtp: smtp.url });
    await use(authority);
    await authority.close();
  },
});
