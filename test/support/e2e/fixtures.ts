import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base, type Page } from '@playwright/test';
import { startAuthority, type TestAuthority } from '../authority.ts';
import { signInByCookie } from '../browser-session.ts';
import { project } from '../build.ts';
import { launchApp, runtime, type RunningApp } from './app.ts';
import { organizations, PASSWORD, secondsNow, type Person } from './data.ts';
import { otherMachine, type OtherMachine } from './latchkey.ts';
import { signInPage } from './pages/sign-in.ts';
import { createWatch, type Watch } from './watch.ts';

export type LaunchOptions = {
  /** Another home is another machine. */
  readonly home?: string;
  readonly name?: string;
  readonly authority?: string | null;
  readonly keyset?: string;
  readonly args?: readonly string[];
  readonly isOtherComputer?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** Signed in before the spec begins. */
  readonly as?: Person;
};

export type World = {
  /** A place for files, as a stick is one. */
  readonly stick: string;
  readonly authority: TestAuthority;
  readonly watch: Watch;
  /** Opens the app; it quits with the spec. */
  readonly launch: (options?: LaunchOptions) => Promise<RunningApp>;
  /** Opens the portal in a browser of its own. */
  readonly openPortal: (person?: Person) => Promise<Page>;
  /** The command line on a machine of this name. */
  readonly machine: (name: string) => OtherMachine;
};

export const portalSize = { width: 1280, height: 800 } as const;

type Fixtures = { readonly folder: string } & World;

/** Each spec has an authority of its own with the organizations of `data.ts`, and may open apps and portals as it likes. */
export const test = base.extend<Fixtures>({
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-e2e-'));
    await use(folder);
    // Windows lets go of a file some time after its program has ended.
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
  },
  stick: async ({ folder }, use) => {
    const stick = join(folder, 'stick');
    mkdirSync(stick);
    await use(stick);
  },
  watch: async ({}, use) => {
    const watch = createWatch();
    await use(watch);
    expect(watch.heard(), 'errors and refusals in the consoles of the pages').toEqual([]);
  },
  authority: async ({}, use) => {
    const clock = { now: secondsNow, set: () => undefined, advance: () => undefined };
    const authority = await startAuthority({ data: organizations(), clock, portal: join(project, 'out/portal') });
    await use(authority);
    await authority.close();
  },
  launch: async ({ browser, authority, folder, watch }, use) => {
    const running: RunningApp[] = [];
    const downloads = join(folder, 'downloads');
    mkdirSync(downloads);
    const keyset = join(folder, 'authority.lkkeys');
    writeFileSync(keyset, authority.keyset());
    await use(async ({ home = 'app', name, as, ...options } = {}) => {
      const app = await launchApp(browser, { home: join(folder, home), authority: authority.url, keyset, downloads, watch: watch.on, ...options });
      const quit = app.quit;
      let hasQuit: Promise<void> | null = null;
      const once = { ...app, quit: () => (hasQuit ??= quit()) };
      running.push(once);
      if (name !== undefined) await renameMachine(app.page, name);
      if (as !== undefined) await signInPage(app.page).signIn(as);
      return once;
    });
    for (const app of running) await app.quit();
  },
  openPortal: async ({ browser, authority, watch }, use) => {
    const contexts: { readonly close: () => Promise<void> }[] = [];
    await use(async (person) => {
      const storageState = person === undefined ? undefined : await signedInState(authority.url, person);
      const context = await browser.newContext({ viewport: portalSize, reducedMotion: 'reduce', locale: 'en-GB', timezoneId: 'UTC', ...(storageState && { storageState }) });
      contexts.push(context);
      const page = await context.newPage();
      watch.on(page);
      // The page after sign-in is the default organization's; most of what is tested begins with the person's own.
      await page.goto(`${authority.url}/my-licenses`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      return page;
    });
    for (const context of contexts) await context.close();
  },
  machine: async ({ authority, folder }, use) => {
    const keyset = join(folder, 'other.lkkeys');
    writeFileSync(keyset, authority.keyset());
    await use((name) => otherMachine({ home: join(folder, name), authority: authority.url, keyset }));
  },
});

/** A browser in which this person has signed in: the cookie, and the binding that the portal keeps. */
const signedInState = async (url: string, person: Person) => {
  const { cookie, binding } = await signInByCookie(url, person.email, { password: PASSWORD });
  const [name = '', value = ''] = cookie.split('=');
  return {
    cookies: [{ name, value, domain: new URL(url).hostname, path: '/', expires: -1, httpOnly: true, secure: false, sameSite: 'Strict' as const }],
    origins: [{ origin: url, localStorage: [{ name: 'latchkey.binding', value: binding }] }],
  };
};

/** The name is the computer's own at first, which is another on every computer. */
const renameMachine = async (page: Page, name: string): Promise<void> => {
  const result = await page.evaluate((given) => (window as unknown as { latchkey: { call: (channel: string, input: unknown) => Promise<{ ok: boolean }> } }).latchkey.call('machine.rename', { name: given }), name);
  expect(result.ok).toBe(true);
};

/** For what only the stand-in can be asked: tray, notifications, the window itself. */
export const desktopOf = (app: RunningApp) => {
  test.skip(app.desktop === null, `${runtime()} does not tell of its tray and notifications`);
  if (app.desktop === null) throw new Error('skipped');
  return app.desktop;
};

export { expect };
