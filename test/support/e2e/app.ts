import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { _electron, type Browser, type ElectronApplication, type Page } from '@playwright/test';
import { project } from '../build.ts';
import { launchPreview, startPreview, type PreviewControl } from '../electron-preview/index.ts';
import { electronBinary } from '../start/runtime.ts';

/** The app as a person has it: on Electron where its binary is, else on the stand-in in Chromium. */

export type AppOptions = {
  readonly home: string;
  /** Null: a machine without a network. */
  readonly authority: string | null;
  /** File of the keyset that it trusts. */
  readonly keyset: string;
  readonly args?: readonly string[];
  /** On the stand-in: it reads another computer than this one. */
  readonly isOtherComputer?: boolean;
  /** Added to its environment: a clock of its own, for example. */
  readonly env?: Readonly<Record<string, string>>;
  /** A folder for what it saves, where no browser keeps that. */
  readonly downloads: string;
  readonly watch: (page: Page) => void;
};

export type RunningApp = {
  readonly page: Page;
  /** What the desktop shows around the page and a person does there. Only the stand-in tells; null on Electron. */
  readonly desktop: PreviewControl | null;
  /** The app's own process. */
  readonly pid: number;
  /** Starts the app once more with the same home, as a double click on a file does; resolves when that start has ended. */
  readonly startAgain: (args: readonly string[]) => Promise<void>;
  readonly quit: () => Promise<void>;
};

const main = join(project, 'out/main/main.js');
export const appSize = { width: 1100, height: 760 } as const;

/** `LATCHKEY_RUNTIME=preview` keeps the stand-in where Electron is there too; `electron` takes nothing else. */
export const runtime = (): 'electron' | 'preview' => {
  const wanted = process.env['LATCHKEY_RUNTIME'];
  return wanted === 'electron' || (wanted !== 'preview' && electronBinary() !== null) ? 'electron' : 'preview';
};

const environment = ({ home, authority, keyset, isOtherComputer = false, env = {} }: AppOptions): Record<string, string> => {
  const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('LATCHKEY_'));
  return { ...Object.fromEntries(inherited), LANG: 'en_GB.UTF-8', LANGUAGE: '', LC_ALL: '', TZ: 'UTC', LATCHKEY_HOME: home, LATCHKEY_AUTHORITY: authority ?? '', LATCHKEY_TRUST: keyset, ...(isOtherComputer && { NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, 'other-computer.mjs')).href}` }), ...env };
};

export const launchApp = async (browser: Browser, options: AppOptions): Promise<RunningApp> =>
  runtime() === 'electron' ? onElectron(options) : onStandIn(browser, options);

const onStandIn = async (browser: Browser, options: AppOptions): Promise<RunningApp> => {
  const [env, args] = [environment(options), options.args ?? []];
  const app = await launchPreview({ main, args, env, cwd: project });
  const context = await browser.newContext({ viewport: appSize, reducedMotion: 'reduce', locale: 'en-GB', timezoneId: 'UTC' });
  const page = await context.newPage();
  options.watch(page);
  await page.goto(app.url);
  await page.getByRole('heading', { level: 1 }).waitFor();
  const again = async (more: readonly string[]): Promise<void> => {
    const { code, output } = await startPreview({ main, args: more, env, cwd: project }).exited;
    if (code !== 0) throw new Error(`The second start ended with ${code}: ${output}`);
  };
  const quit = async (): Promise<void> => {
    await context.close();
    const { code, signal, output } = await app.quit();
    if (code !== 0) throw new Error(`The app ended with ${signal ?? code}: ${output}`);
  };
  return { page, desktop: app, pid: app.process.pid ?? 0, startAgain: again, quit };
};

/** A file that Electron has saved: where, and under which name it was offered. */
export type SavedFile = { readonly path: string; readonly name: string };

const electronFiles = new WeakMap<Page, () => Promise<readonly SavedFile[]>>();

/** What a page on Electron has saved so far; null for a page in a browser, which tells of its downloads itself. */
export const filesSavedBy = (page: Page): Promise<readonly SavedFile[]> | null => electronFiles.get(page)?.() ?? null;

/**
 * Saves what the app downloads without the system's dialog, which nobody could answer, and keeps where: a page on Electron has no
 * download event of Playwright's (playwright's issue 20445; electron/docs/api/download-item.md, "downloadItem.setSavePath").
 */
const keepDownloads = async (app: ElectronApplication, page: Page, folder: string): Promise<void> => {
  const files = await app.evaluateHandle(({ session }, to) => {
    const done: { path: string; name: string }[] = [];
    session.defaultSession.on('will-download', (_event, item) => {
      const name = item.getFilename();
      item.setSavePath(`${to}/${Date.now()}-${name}`);
      item.once('done', (_done, state) => { if (state === 'completed') done.push({ path: item.getSavePath(), name }); });
    });
    return done;
  }, folder);
  electronFiles.set(page, () => files.jsonValue());
};

const onElectron = async (options: AppOptions): Promise<RunningApp> => {
  const launch = (args: readonly string[]) =>
    // Playwright takes the sandbox away on Linux unless it is told not to; then what is tried would be another program.
    _electron.launch({ chromiumSandbox: true, args: [project, ...args], env: environment(options), cwd: project, acceptDownloads: true, locale: 'en-GB', timezoneId: 'UTC' });
  const app = await launch(options.args ?? []);
  const page = await app.firstWindow();
  options.watch(page);
  await keepDownloads(app, page, options.downloads);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.getByRole('heading', { level: 1 }).waitFor();
  const startAgain = async (args: readonly string[]): Promise<void> => {
    // It hands over and ends before Playwright is through with it.
    await launch(args).then((second) => second.close(), () => undefined);
  };
  return { page, desktop: null, pid: app.process().pid ?? 0, startAgain, quit: () => app.close() };
};
