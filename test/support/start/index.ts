import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { styleText } from 'node:util';
import { ensureBuilt, project } from '../build.ts';
import { startPreview, type RunningPreview } from '../electron-preview/index.ts';
import { startAuthority } from './authority.ts';
import { demoPeople } from './demo.ts';
import { openPageWindow, windowBrowser } from './page-window.ts';
import { chooseRuntime, type Runtime } from './runtime.ts';

/**
 * `npm start`: builds what is stale, starts an authority with the demo organizations unless `LATCHKEY_AUTHORITY` names one
 * (or is empty: a machine without a network), opens the app, and says where everything is. Ends with the app, and takes
 * along what it started. `LATCHKEY_DEMO` names another folder for the state of both;
 * `LATCHKEY_WINDOW=none` prints an address where a window of its own could be opened.
 */
const demo = resolve(project, process.env['LATCHKEY_DEMO'] || '.latchkey/demo');
const main = join(project, 'out/main/main.js');
const running: { readonly name: string; readonly child: ChildProcess; readonly stop: () => void }[] = [];
let stopping = false;

const shown = (path: string): string => (path.startsWith(project) ? relative(project, path) : path);
const say = (line = ''): void => console.log(line);

/** Stops everything, at last by force; ends with `status`. */
async function stop(status: number): Promise<never> {
  if (stopping) return new Promise(() => undefined);
  stopping = true;
  const alive = running.filter(({ child }) => child.exitCode === null && child.signalCode === null);
  const ended = Promise.all(alive.map(({ child }) => new Promise<void>((done) => child.once('exit', () => done()))));
  for (const one of alive) one.stop();
  const force = setTimeout(() => { for (const { child } of alive) child.kill('SIGKILL'); }, 8000);
  await ended;
  clearTimeout(force);
  process.exit(status);
}

/** `until`: what must have been said before its end ends everything. */
function watch(name: string, child: ChildProcess, meaning: string, stopIt: () => void = () => child.kill('SIGTERM'), until: Promise<unknown> = Promise.resolve()): void {
  running.push({ name, child, stop: stopIt });
  child.once('exit', (code, signal) => {
    if (stopping) return;
    if (code !== 0) console.error(`${name} ended by itself (${signal ?? code}). ${meaning}\nRun npm start again: what was saved is still there.`);
    void until.catch(() => undefined).then(() => stop(code ?? 1));
  });
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));

const appGone = 'So the authority and the portal were stopped, too.';

/** `url`: null when it hands over to an app that runs. */
type OpenedApp = { readonly url: string | null; readonly hasWindow: boolean };

async function openApp(runtime: Runtime, env: NodeJS.ProcessEnv): Promise<OpenedApp> {
  if (runtime.kind === 'electron') {
    const child = spawn(runtime.binary, [project, ...process.argv.slice(2)], { cwd: project, stdio: ['ignore', 'inherit', 'inherit'], env });
    watch('The app', child, `${appGone} If Electron does not run on this computer: LATCHKEY_RUNTIME=preview shows the app on the stand-in.`);
    return { url: null, hasWindow: true };
  }
  const app = startPreview({ main, args: process.argv.slice(2), env, cwd: project, onLine: (line, stream) => (stream === 'stderr' ? console.error(line) : say(line)) });
  const opening = app.firstWindow.catch(async (error: unknown) => {
    if ((await app.exited).code !== 0) throw error;
    // An app that ends well before it shows a window has handed over to one that runs.
    say(`The app is running already with this home (${env['LATCHKEY_HOME']}).`);
    return null;
  });
  watch('The app', app.process, appGone, () => void app.quit(), opening);
  const url = await opening;
  const browser = url === null || process.argv.includes('--hidden') ? null : windowBrowser(process.platform, process.env);
  if (browser !== null && url !== null) showInWindow(app, browser, url);
  // An address is good for one visit: the next one is a key away.
  if (process.stdin.isTTY) {
    const lines = createInterface({ input: process.stdin });
    lines.on('line', () => void (isWindowClosed ? app.activate() : app.freshUrl().then((fresh) => say(`  ${fresh}`))).catch(() => undefined));
    lines.on('close', () => void stop(0));
  }
  return { url, hasWindow: browser !== null };
}

let isWindowClosed = false;
const isVisible = async (app: RunningPreview): Promise<boolean> => (await app.windows()).some(({ visible }) => visible);

/** Closing the browser's window closes the app's. The app may go on without it, and opens it again as it would its own. */
function showInWindow(app: RunningPreview, browser: string, url: string): void {
  const { child, ended } = openPageWindow(browser, url);
  running.push({ name: 'The window', child, stop: () => child.kill('SIGTERM') });
  const after = async (how: 'closed' | 'failed'): Promise<void> => {
    if (stopping) return;
    if (how === 'failed') return say(`The window could not be opened. Open it in a browser:\n  ${await app.freshUrl()}`);
    if (await isVisible(app)) await app.closeWindow();
    isWindowClosed = true;
    say(`The window is closed, and Latchkey goes on as it does from the tray. ${process.stdin.isTTY ? 'Enter' : 'Another npm start'} opens it again.`);
    while (!(await isVisible(app))) await sleep(500);
    isWindowClosed = false;
    showInWindow(app, browser, await app.freshUrl());
  };
  // An app that has ended takes no more commands, and its end is told elsewhere.
  ended.then(after).catch(() => undefined);
}

function welcome(runtime: Runtime, { url, hasWindow }: OpenedApp, authority: string | null): void {
  const head = (text: string): string => styleText('bold', text);
  say();
  if (runtime.kind === 'electron') say(`${head('Latchkey')} runs on Electron: its window is open.`);
  else if (hasWindow) {
    say(`${head('Latchkey')} runs on the stand-in for Electron (${runtime.why}): its window is open.`);
    if (process.stdin.isTTY) say(`  ${styleText('dim', 'Enter prints an address for a browser')}`);
  } else {
    say(`${head('Latchkey')} runs on the stand-in for Electron (${runtime.why}). Open it in a browser:`);
    say(`  ${url}`);
    say(`  ${styleText('dim', `good for one visit in one browser${process.stdin.isTTY ? '; Enter prints another' : ''}`)}`);
  }
  say();
  if (process.env['LATCHKEY_AUTHORITY'] === '') say('No authority: a machine without a network. It works by files, on the page "Offline exchange".');
  else if (process.env['LATCHKEY_AUTHORITY'] !== undefined) say(`${head('Authority')}  ${process.env['LATCHKEY_AUTHORITY']}`);
  else {
    say(`${head('Portal')} of the local authority: ${authority}`);
    say();
    say(`${head('Sign in')} to either as one of the demo people:`);
    const people = demoPeople();
    const wide = (pick: (person: (typeof people)[number]) => string): number => Math.max(...people.map((person) => pick(person).length));
    const [email, password] = [wide((person) => person.email), wide((person) => person.password)];
    for (const person of people) {
      say(`  ${person.email.padEnd(email)}  ${person.password.padEnd(password)}  ${styleText('dim', person.places.map(({ organization, role }) => `${role} of ${organization}`).join(', '))}`);
    }
    say();
    if (process.env['LATCHKEY_SMTP_URL'] === undefined) {
      say(`${head('Mail')} is not sent: invitations, links and codes are kept with the authority. Read them with`);
      say(`  npm run authority -- outbox --home ${shown(join(demo, 'authority'))}`);
    }
  }
  say();
  say(styleText('dim', 'Ctrl-C stops everything. State is kept in ' + shown(demo) + '; remove that folder to begin anew.'));
}

try {
  for (const target of ['app', 'portal'] as const) await ensureBuilt(target, (name) => say(`Building the ${name} ...`));
  const runtime = await chooseRuntime(say);
  mkdirSync(demo, { recursive: true, mode: 0o700 });
  const local = process.env['LATCHKEY_AUTHORITY'] === undefined ? await startAuthority(demo) : null;
  if (local !== null && local.process !== null) watch('The authority', local.process, 'Without it nobody can sign in or take a license, so the app and the portal were stopped, too.');
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    LATCHKEY_HOME: process.env['LATCHKEY_HOME'] ?? join(demo, 'app'),
    ...(local !== null && { LATCHKEY_AUTHORITY: local.url, LATCHKEY_TRUST: process.env['LATCHKEY_TRUST'] ?? local.keyset }),
  };
  const opened = await openApp(runtime, env);
  // Handed over to an app that runs: that one has said it all.
  const isHandedOver = opened.url === null && !opened.hasWindow;
  if (!stopping && !isHandedOver) welcome(runtime, opened, local?.url ?? null);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  await stop(1);
}
