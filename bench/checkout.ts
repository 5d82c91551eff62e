import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import BetterSqlite from 'better-sqlite3';
import { authenticateIssued, authenticateRequest, parseKind, signDocument } from '../src-shared/documents/index.ts';
import { unwrap } from '../src-shared/result.ts';
import type { Result } from '../src-shared/result.ts';
import { createTestMachine } from '../test/support/machine.ts';
import type { TestMachine } from '../test/support/machine.ts';
import { licenseClaims, newScene } from '../test/support/documents.ts';

const project = resolve(import.meta.dirname, '..');
const PASSWORD = 'bench-only-password';
const AT_ONCE = 16;
/** Checkouts before the measured ones. */
const WARM = 50;
/** Many people with a few leases each, as in a studio. */
const people = Array.from({ length: 50 }, (_, index) => `person${index}@bench.example`);
const clock = { now: () => Math.floor(Date.now() / 1000) };

/** Seconds that `times` runs of `work` take, `atOnce` under way at any time. */
const timed = async (times: number, atOnce: number, work: (index: number) => Promise<void>): Promise<number> => {
  const begun = performance.now();
  let next = 0;
  await Promise.all(Array.from({ length: atOnce }, async () => {
    while (next < times) await work(next++);
  }));
  return (performance.now() - begun) / 1000;
};

/**
 * What any checkout must at least do: check one signature, commit once durably, sign once; and check the key of a machine that
 * was never seen. One after the other.
 */
const leastRate = async (folder: string, times: number, isKnown: boolean): Promise<number> => {
  const scene = await newScene();
  const machine = await createTestMachine({ authority: scene.authority, clock });
  const request = await machine.request({ product: 'p', mode: 'online' });
  const sqlite = new BetterSqlite(join(folder, 'least.db'));
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = FULL');
  sqlite.exec('CREATE TABLE row (id INTEGER PRIMARY KEY, text TEXT) STRICT');
  const insert = sqlite.prepare('INSERT INTO row (text) VALUES (?)');
  const seconds = await timed(times, 1, async () => {
    unwrap(await authenticateRequest(unwrap(parseKind('request', request)), () => isKnown));
    insert.run('x'.repeat(200));
    await signDocument('license', licenseClaims(scene), scene.license.key);
  });
  sqlite.close();
  return times / seconds;
};

type Served = { readonly url: string; readonly authority: string; readonly stop: () => Promise<void> };
const run = (home: string, ...args: readonly string[]): Promise<void> =>
  new Promise((done, failed) => {
    const child = spawn(process.execPath, [join(project, 'src-cli/authority.ts'), ...args, '--home', home, '--json'], { stdio: 'ignore' });
    child.once('exit', (status) => (status === 0 ? done() : failed(new Error(`authority ${args[0]} ended with ${status}`))));
  });
const serve = (home: string): Promise<Served> =>
  new Promise((ready, failed) => {
    const child = spawn(process.execPath, [join(project, 'src-cli/authority.ts'), 'serve', '--port', '0', '--home', home], { stdio: ['ignore', 'pipe', 'ignore'] });
    const ended = new Promise<void>((done) => child.once('exit', () => done()));
    child.once('exit', (status) => failed(new Error(`The authority ended with ${status}`)));
    createInterface({ input: child.stdout }).once('line', (line) => {
      const { url, authority } = JSON.parse(line) as { readonly url: string; readonly authority: string };
      ready({ url, authority, stop: () => (child.kill(), ended) });
    });
  });

const send = async <T>(url: string, token: string | null, body: object): Promise<Result<T>> => {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }, body: JSON.stringify(body) });
  return (await response.json()) as Result<T>;
};
const post = async <T>(url: string, token: string | null, body: object): Promise<T> => unwrap(await send<T>(url, token, body));

/** Makes the ledger as if `leases` machines had checked out and gone: rows without their cryptography, in the shapes of real ones. */
const fill = (home: string, leases: number): void => {
  const sqlite = new BetterSqlite(join(home, 'authority.db'));
  sqlite.pragma('foreign_keys = OFF');
  const copy = (table: string, change: Readonly<Record<string, string>>): string => {
    const columns = (sqlite.pragma(`table_info(${table})`) as readonly { readonly name: string }[]).map(({ name }) => name);
    return `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${columns.map((name) => change[name] ?? name).join(', ')} FROM ${table}, n WHERE ${table}.${columns[0]} = (SELECT min(${columns[0]}) FROM ${table})`;
  };
  const numbers = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${leases}) `;
  sqlite.exec('BEGIN');
  sqlite.exec(numbers + copy('machine', { id: "'mch_filler' || i" }));
  sqlite.exec(numbers + copy('lease', { id: "'lse_filler' || i", machine: "'mch_filler' || i", seat: 'NULL', state: "'released'", file: "'fil_filler' || i", busy_until: '0' }));
  sqlite.exec(numbers + copy('license_file', { jti: "'fil_filler' || i", lease: "'lse_filler' || i", request: "'req_filler' || i" }));
  sqlite.exec(numbers + copy('machine_document', { jti: "'req_filler' || i", machine: "'mch_filler' || i", lease: "'lse_filler' || i" }));
  sqlite.exec('COMMIT');
  sqlite.pragma('wal_checkpoint(TRUNCATE)');
  sqlite.close();
};

/** Checkouts a second: by machines that the authority knows, and first ones by machines that it has never seen, which it registers. */
type Rates = { readonly known: number; readonly first: number };

const checkoutRates = async (folder: string, name: string, times: number, earlier: number): Promise<Rates> => {
  const home = join(folder, name);
  await run(home, 'init');
  const data = join(folder, `${name}.json`);
  writeFileSync(data, JSON.stringify({
    products: [{ id: 'p', name: 'Product', kind: 'desktop' }],
    organizations: [{ name: 'Bench', users: people.map((email) => ({ email, name: 'Bench', password: PASSWORD, role: 'owner' })), licenses: ['lic', 'lic_known'].map((id) => ({ id, product: 'p', edition: id, seats: 2 * times + 200, policy: { leasesPerUser: 1000 } })) }],
  }));
  await run(home, 'load', data);

  const open = async () => {
    const served = await serve(home);
    const tokens: string[] = [];
    for (const email of people) tokens.push((await post<{ readonly token: string }>(`${served.url}/v1/sessions`, null, { email, password: PASSWORD })).token);
    return { served, tokens };
  };
  if (earlier > 0) {
    const { served, tokens } = await open();
    const machine = await createTestMachine({ authority: served.authority, clock });
    await post(`${served.url}/v1/checkouts`, tokens[0] ?? null, { request: await machine.request({ license: 'lic', mode: 'online' }) });
    await served.stop();
    fill(home, earlier);
  }
  const { served, tokens } = await open();
  const tokenFor = (index: number): string | null => tokens[index % tokens.length] ?? null;
  const newMachines = async (): Promise<readonly TestMachine[]> => {
    const made: TestMachine[] = [];
    for (let index = 0; index < times + WARM; index += 1) made.push(await createTestMachine({ authority: served.authority, clock }));
    return made;
  };
  const rate = async (machines: readonly TestMachine[]): Promise<number> => {
    const requests = await Promise.all(machines.map((machine) => machine.request({ license: 'lic', mode: 'online' })));
    const take = async (index: number): Promise<void> => void (await post(`${served.url}/v1/checkouts`, tokenFor(index), { request: requests[index] }));
    for (let index = times; index < times + WARM; index += 1) await take(index);
    return times / (await timed(times, AT_ONCE, take));
  };
  const machines = await newMachines();
  // A license of another kind makes a machine known.
  await timed(machines.length, AT_ONCE, async (index) =>
    void (await post(`${served.url}/v1/checkouts`, tokenFor(index), { request: await machines[index]?.request({ license: 'lic_known', mode: 'online' }) })));
  const known = await rate(machines);
  const first = await rate(await newMachines());
  await served.stop();
  return { known, first };
};

export type Measure = { readonly what: string; readonly figure: string; readonly budget: string; readonly met: boolean };

/** Checkouts over HTTP against the least that any must do, and the same with a million earlier leases in the ledger. */
export const measureCheckout = async (many: number): Promise<readonly Measure[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
  try {
    const leasts = async (name: string): Promise<Rates> => {
      const each = mkdtempSync(join(folder, `${name}-`));
      const known = await leastRate(each, 500, true);
      return { known, first: await leastRate(mkdtempSync(join(each, 'first-')), 500, false) };
    };
    const before = await leasts('before');
    const few = await checkoutRates(folder, 'few', 1000, 1000);
    const full = await checkoutRates(folder, 'full', 1000, many);
    const after = await leasts('after');
    const share = (kind: keyof Rates): { readonly figure: string; readonly of: number } => {
      const least = (before[kind] + after[kind]) / 2;
      return { figure: `${few[kind].toFixed(0)}/s of ${least.toFixed(0)}/s = ${(few[kind] / least).toFixed(2)}`, of: few[kind] / least };
    };
    const [known, first] = [share('known'), share('first')];
    const growth = few.known / full.known;
    return [
      { what: `checkout over HTTP by a known machine, ${AT_ONCE} at once, against check + commit + sign`, figure: known.figure, budget: 'at least 0.70', met: known.of >= 0.7 },
      { what: `first checkout of a machine that is registered by it, ${AT_ONCE} at once, against check of its key + check + commit + sign`, figure: first.figure, budget: 'at least 0.55', met: first.of >= 0.55 },
      { what: `a checkout at ${many.toLocaleString('en')} leases against one at 1,000`, figure: `${growth.toFixed(2)} times`, budget: 'at most 1.3', met: growth <= 1.3 },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** A genuine file, checked as a licensed application would. */
export const measureVerify = async (): Promise<Measure> => {
  const scene = await newScene();
  const text = await signDocument('license', licenseClaims(scene), scene.license.key);
  const seconds = await timed(1000, 1, async () => void unwrap(await authenticateIssued(unwrap(parseKind('license', text)), scene.trusted)));
  return { what: 'parsing and authenticating a license file', figure: `${seconds.toFixed(3)} ms`, budget: 'at most 10 ms with saving', met: seconds < 10 };
};
