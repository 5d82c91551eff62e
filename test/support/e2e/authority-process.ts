import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { project } from '../build.ts';

/** An authority that can die: the command line's `serve` in a process of its own, always at the same address. */
export type AuthorityProcess = {
  readonly url: string;
  /** File of its keyset. */
  readonly keyset: string;
  /** `kill -9`: no goodbye, nothing closed. */
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
  readonly close: () => Promise<void>;
};

const program = join(project, 'src-cli/authority.ts');

export const startAuthorityProcess = async (data: unknown): Promise<AuthorityProcess> => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-e2e-authority-'));
  const [home, keyset, dataFile] = [join(folder, 'home'), join(folder, 'authority.lkkeys'), join(folder, 'data.json')];
  writeFileSync(dataFile, JSON.stringify(data));
  const command = (args: readonly string[]): Promise<void> =>
    new Promise((done, failed) => {
      const child = spawn(process.execPath, [program, ...args, '--home', home], { stdio: ['ignore', 'ignore', 'pipe'] });
      let errors = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
      child.once('error', failed);
      child.once('close', (status) => (status === 0 ? done() : failed(new Error(`authority ${args.join(' ')}: ${errors}`))));
    });
  let child: ChildProcess | null = null;
  let port = 0;
  const start = async (): Promise<void> => {
    const serving = spawn(process.execPath, [program, 'serve', '--host', '127.0.0.1', '--port', String(port), '--home', home], { stdio: ['ignore', 'pipe', 'ignore'], cwd: project });
    child = serving;
    const url = await new Promise<string>((ready, failed) => {
      serving.once('error', failed);
      serving.once('exit', (status) => failed(new Error(`authority serve ended (${status})`)));
      createInterface({ input: serving.stdout }).once('line', (line) => ready((JSON.parse(line) as { readonly url: string }).url));
    });
    port = Number(new URL(url).port);
  };
  const kill = async (): Promise<void> => {
    const dying = child;
    child = null;
    if (dying === null || dying.exitCode !== null) return;
    const gone = new Promise((done) => dying.once('exit', done));
    dying.kill('SIGKILL');
    await gone;
  };
  await command(['init']);
  await command(['load', dataFile]);
  await command(['keys', 'export', '--out', keyset]);
  readFileSync(keyset);
  await start();
  return {
    get url() { return `http://127.0.0.1:${port}`; },
    keyset, kill, start,
    close: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
