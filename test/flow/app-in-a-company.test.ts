import { createServer, request as httpRequest } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startAuthority, PASSWORD } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { ensureBuilt, project } from '../support/build.ts';
import { eventually } from '../support/client.ts';
import { createCommandLine, realTime } from '../support/command.ts';
import type { CommandLine, Home } from '../support/command.ts';
import { createCompany, NAME } from '../support/company.ts';
import type { Company } from '../support/company.ts';
import { startPreview } from '../support/electron-preview/index.ts';
import type { RunningPreview } from '../support/electron-preview/index.ts';

/** The app as a real process in the network of a company: what it reaches the authority by, and what turns nothing off. */

let company: Company;
let authority: TestAuthority;
let commands: CommandLine;
let home: Home;
let turn = 0;
/** Stands before the authority, and counts what reaches it after an app was begun. */
let heard: { readonly port: number; readonly sinceBegun: () => number; readonly begun: () => void };
const running: RunningPreview[] = [];

const listening = async (): Promise<typeof heard> => {
  let count = 0;
  const { hostname, port } = new URL(authority.url);
  const server = createServer((request, response) => {
    count += 1;
    const passed = httpRequest({ hostname, port, method: request.method, path: request.url, headers: request.headers }, (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(response);
    });
    passed.once('error', () => response.destroy());
    response.once('close', () => passed.destroy());
    request.pipe(passed);
  });
  return { port: await company.listen(server), sinceBegun: () => count, begun: () => void (count = 0) };
};

beforeAll(async () => {
  await ensureBuilt('app');
  company = createCompany();
  authority = await startAuthority({ clock: realTime });
  commands = createCommandLine(authority);
}, 600_000);
afterAll(async () => {
  commands.close();
  await authority.close();
  await company.close();
});
beforeEach(async () => {
  turn += 1;
  home = commands.home(`home-${turn}`);
  heard = await listening();
  return async () => {
    for (const app of running.splice(0)) await app.kill();
  };
});

/** The file that OpenSSL takes for the system's. */
const system = (): Readonly<Record<string, string>> => ({ SSL_CERT_FILE: company.ca });
/** Somebody signs in by the command line, which knows the network of the company; the home keeps the address. */
const signIn = async (url: string, env: Readonly<Record<string, string>> = {}): Promise<void> => {
  const { status, err } = await home.latchkey(['login', '--email', 'editor@northlight.example', '--password-stdin'], { env: { ...system(), LATCHKEY_AUTHORITY: url, ...env }, input: PASSWORD });
  expect([status, err]).toEqual([0, '']);
};
const begin = (url: string, env: Readonly<Record<string, string | undefined>>, args: readonly string[] = []): RunningPreview => {
  heard.begun();
  const app = startPreview({ main: `${project}/out/main/main.js`, args, env: { LATCHKEY_HOME: home.path, LATCHKEY_AUTHORITY: url, LATCHKEY_TRUST: undefined, SSL_CERT_FILE: undefined, ...env } });
  running.push(app);
  return app;
};
const isReached = (): Promise<void> => eventually('the app reaches the authority', () => heard.sinceBegun() > 0, 60_000);

describe('the app', { timeout: 240_000 }, () => {
  test('reaches an authority whose certificate only the system trusts', async () => {
    const url = `https://localhost:${await company.secured(heard.port)}`;
    await signIn(url);
    begin(url, system());
    await expect(isReached()).resolves.toBeUndefined();
  });

  test('reaches one that only the proxy of the system leads to', async () => {
    const proxy = await company.startProxy('connects', await company.secured(heard.port));
    await signIn(`https://${NAME}`, { HTTPS_PROXY: proxy.address });
    begin(`https://${NAME}`, { ...system(), ELECTRON_PREVIEW_PROXY: proxy.address });
    await expect(isReached()).resolves.toBeUndefined();
  });

  test('is turned against no certificate by a switch or a variable once it is packaged', async () => {
    let given = 0;
    const port = await company.secured(heard.port, 'good', (socket) => socket.once('close', () => (given += 1)));
    const url = `https://localhost:${port}`;
    await signIn(url);
    const packaged = { ELECTRON_PREVIEW_PACKAGED: '1', NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    const app = begin(url, packaged, ['--ignore-certificate-errors', '--host-resolver-rules=MAP * 127.0.0.1']);
    given = 0;
    await eventually('the app has tried, and given up', () => given > 1 || heard.sinceBegun() > 0, 60_000);
    expect(heard.sinceBegun()).toBe(0);
    await app.quit();
    // The same start reaches it where the certificate is good, and, as Electron does, unpackaged with the switch where it is not.
    const good = begin(url, { ...packaged, ...system() });
    await isReached();
    await good.quit();
    begin(url, {}, ['--ignore-certificate-errors']);
    await isReached();
  });
});
