import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs, styleText } from 'node:util';

/**
 * The whole way in a terminal, on real processes: an authority, a connected workstation and one that never sees a network,
 * with nothing between the last two but files. Everything lives in a temporary folder that is removed at the end.
 */
const project = resolve(import.meta.dirname, '../..');
const { values: options } = parseArgs({ options: { keep: { type: 'boolean', default: false } } });
const place = mkdtempSync(join(tmpdir(), 'latchkey-tour-'));
const stick = join(place, 'stick');
mkdirSync(stick);
const started = performance.now();
let authority: ChildProcess | null = null;

type Demo = { readonly organizations: readonly { readonly name: string; readonly users: readonly { readonly email: string; readonly password: string; readonly role: string }[] }[] };
const demo = JSON.parse(readFileSync(join(project, 'assets/demo.json'), 'utf8')) as Demo;
const person = demo.organizations.flatMap(({ users }) => users).find(({ role }) => role === 'manager' || role === 'owner');
if (!person) throw new Error('The demo organizations have no manager');

const heading = (text: string): void => console.log(`\n${styleText('bold', text)}`);
const told = (text: string): void => console.log(styleText('dim', text.trimEnd().replace(/^/gm, '   ')));

type Machine = { readonly name: string; readonly env: Readonly<Record<string, string>> };
const program = (name: 'latchkey' | 'authority', args: readonly string[], env: Readonly<Record<string, string>>, input = '', expected = 0): string => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(project, 'src-cli', `${name}.ts`), ...args], {
    cwd: stick, encoding: 'utf8', input, env: { ...process.env, ...env },
  });
  if (status !== expected) throw new Error(`${name} ${args.join(' ')} ended with ${status}, not ${expected}:\n${stderr}${stdout}`);
  return expected === 0 ? stdout : stderr;
};
const say = (where: string, name: string, args: readonly string[]): void =>
  console.log(`${styleText('cyan', where)} ${styleText('yellow', `$ ${name} ${args.map((arg) => (/[ "]/.test(arg) ? `'${arg}'` : arg)).join(' ')}`)}`);
const on = (machine: Machine, args: readonly string[], more: { readonly input?: string; readonly expected?: number } = {}): void => {
  say(machine.name, 'latchkey', args);
  told(program('latchkey', args, machine.env, more.input, more.expected));
};
const ask = <T>(machine: Machine, args: readonly string[]): T => JSON.parse(program('latchkey', [...args, '--json'], machine.env)) as T;

const home = join(place, 'authority');
const server = (args: readonly string[], expected = 0): void => {
  say('authority   ', 'authority', args);
  told(program('authority', args, { LATCHKEY_AUTHORITY_HOME: home }, '', expected));
};

const serve = (): Promise<string> =>
  new Promise((ready, failed) => {
    say('authority   ', 'authority', ['serve', '--port', '0', '&']);
    authority = spawn(process.execPath, [join(project, 'src-cli/authority.ts'), 'serve', '--port', '0'], {
      env: { ...process.env, LATCHKEY_AUTHORITY_HOME: home }, stdio: ['ignore', 'pipe', 'ignore'],
    });
    authority.once('exit', (status) => failed(new Error(`The authority ended with ${status}`)));
    if (!authority.stdout) throw new Error('The authority has no output');
    createInterface({ input: authority.stdout }).once('line', (line) => {
      told(line);
      ready((JSON.parse(line) as { readonly url: string }).url);
    });
  });

const tour = async (): Promise<void> => {
  heading('1. A license authority with the demo organizations');
  server(['init']);
  server(['load', join(project, 'assets/demo.json')]);
  server(['keys', 'export', '--out', 'studio.lkkeys']);
  const url = await serve();

  const trust = { LATCHKEY_TRUST: join(stick, 'studio.lkkeys') };
  const workstation: Machine = { name: 'workstation ', env: { ...trust, LATCHKEY_HOME: join(place, 'workstation'), LATCHKEY_AUTHORITY: url } };
  const island: Machine = { name: 'no network  ', env: { ...trust, LATCHKEY_HOME: join(place, 'island'), LATCHKEY_AUTHORITY: '' } };

  heading('2. A connected workstation picks a license and gives it back');
  on(workstation, ['login', '--email', person.email, '--password-stdin'], { input: `${person.password}\n` });
  on(workstation, ['licenses']);
  type Row = { readonly license: string; readonly available: boolean; readonly modes: readonly string[]; readonly product: { readonly id: string } };
  const row = ask<Row[]>(workstation, ['licenses']).find(({ available, modes }) => available && modes.includes('offline') && modes.includes('online'));
  if (!row) throw new Error('No demo license is available in both modes');
  on(workstation, ['checkout', row.license]);
  on(workstation, ['status']);
  on(workstation, ['run', '--product', row.product.id, '--', process.execPath, '-e', 'console.log("the application reads", process.env.LATCHKEY_LICENSE_FILE)']);
  on(workstation, ['release']);

  heading('3. A machine without a network asks by file, and the file is carried to the authority');
  on(island, ['request', '--out', 'ws-042.lkreq', '--product', row.product.id, '--days', '30', '--name', 'WS-042']);
  server(['inspect', 'ws-042.lkreq']);
  server(['answer', 'ws-042.lkreq', '--license', row.license, '--days', '30', '--out', 'ws-042.lklic']);

  heading('4. The license file is carried back, and the machine works offline');
  on(island, ['import', 'ws-042.lklic']);
  on(island, ['status']);
  told(readFileSync(join(stick, 'ws-042.lklic'), 'utf8').split('\n').slice(0, 3).join('\n').concat('\n…'));

  heading('5. It gives the license up by a release proof; the seat comes back');
  const [lease] = ask<{ readonly leases: readonly { readonly id: string }[] }>(island, ['status']).leases;
  if (!lease) throw new Error('The machine holds no lease');
  on(island, ['release-proof', lease.id, '--out', 'ws-042.lkrel']);
  server(['accept', 'ws-042.lkrel', '--out', 'ws-042.lkrcp']);
  on(island, ['import', 'ws-042.lkrcp']);

  heading('6. The same license file is refused from now on');
  on(island, ['import', 'ws-042.lklic'], { expected: 4 });
};

const stop = (): void => {
  authority?.removeAllListeners('exit');
  authority?.kill();
  if (options.keep) console.log(`Everything is kept in ${place}`);
  else rmSync(place, { recursive: true, force: true });
};
process.once('SIGINT', () => {
  stop();
  process.exit(130);
});

try {
  await tour();
  console.log(`\n${styleText('green', `The whole way took ${((performance.now() - started) / 1000).toFixed(1)} s.`)} Next: npm start`);
} catch (error) {
  console.error(`\nThe tour stopped: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  stop();
}
