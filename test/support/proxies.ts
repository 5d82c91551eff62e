import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Proxies as `docs/operations.md` sets them up before an authority, run for real. */

export type ProxyName = 'nginx' | 'caddy' | 'apache';
const programs: Readonly<Record<ProxyName, { readonly command: string; readonly version: string }>> = {
  nginx: { command: 'nginx', version: '-v' }, caddy: { command: 'caddy', version: 'version' }, apache: { command: 'apache2', version: '-v' },
};

/** Debian keeps servers where only root's PATH looks. */
const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin` };
const works = (command: string, ...args: readonly string[]): boolean => spawnSync(command, args, { stdio: 'ignore', env }).status === 0;

export const isProxyThere = (name: ProxyName): boolean => works(programs[name].command, programs[name].version) && works('openssl', 'version');

/** The fenced example of a proxy in the page. */
const exampleOf = (name: ProxyName): string => {
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/operations.md'), 'utf8');
  const found = new RegExp(`^\`\`\`${name}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(page)?.[1];
  if (found === undefined) throw new Error(`docs/operations.md has no example for ${name}`);
  return found;
};

/** What an example says, in the place of its names ours: each must be in it. */
const filledIn = (example: string, places: readonly (readonly [string, string])[]): string =>
  places.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the example does not say ${from}`);
    return text.replaceAll(from, to);
  }, example);

export const freePort = (): Promise<number> =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });

const makeCertificate = (folder: string): { readonly certificate: string; readonly key: string } => {
  const [certificate, key] = [join(folder, 'licenses.pem'), join(folder, 'licenses.key')];
  const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', key, '-out', certificate], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`openssl made no certificate: ${made.stderr}`);
  return { certificate, key };
};

const isRoot = process.getuid?.() === 0;
const modules = ['mpm_event', 'authz_core', 'ssl', 'socache_shmcb', 'headers', 'proxy', 'proxy_http'];

/** The example, and around it what a distribution's own main configuration would say. Returns the arguments to start with. */
const configure: Readonly<Record<ProxyName, (folder: string, example: string) => readonly string[]>> = {
  nginx: (folder, example) => {
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((each) => `${each}_temp_path ${join(folder, each)};`).join(' ');
    writeFileSync(join(folder, 'main.conf'), `${isRoot ? 'user root;' : ''} daemon off; pid ${join(folder, 'pid')}; error_log stderr;\nevents {}\nhttp { access_log off; ${temporary}\n${example}}\n`);
    return ['-p', folder, '-c', join(folder, 'main.conf')];
  },
  caddy: (folder, example) => {
    writeFileSync(join(folder, 'Caddyfile'), `{\n  admin off\n  grace_period 1s\n  auto_https disable_redirects\n  storage file_system ${folder}\n}\n${example}`);
    return ['run', '--adapter', 'caddyfile', '--config', join(folder, 'Caddyfile')];
  },
  apache: (folder, example) => {
    const port = /<VirtualHost \*:(\d+)>/.exec(example)?.[1] ?? '';
    const user = isRoot ? 'User www-data\nGroup www-data\n' : '';
    const loaded = modules.map((each) => `LoadModule ${each}_module /usr/lib/apache2/modules/mod_${each}.so`).join('\n');
    writeFileSync(join(folder, 'main.conf'), `ServerRoot ${folder}\nServerName localhost\nPidFile ${join(folder, 'pid')}\nDefaultRuntimeDir ${folder}\nErrorLog ${join(folder, 'error.log')}\n${loaded}\n${user}Listen ${port}\n${example}`);
    return ['-D', 'FOREGROUND', '-f', join(folder, 'main.conf')];
  },
};

export type RunningProxy = { readonly url: string; readonly ca: string; readonly close: () => Promise<void> };

/** Starts a proxy at `port` of loopback before the authority at `upstream`, with a certificate made for it. */
export const startProxy = async (name: ProxyName, port: number, upstream: number): Promise<RunningProxy> => {
  const folder = mkdtempSync(join(tmpdir(), `latchkey-${name}-`));
  mkdirSync(join(folder, 'logs'));
  const { certificate, key } = makeCertificate(folder);
  const listen = { nginx: ['listen 443 ssl', `listen 127.0.0.1:${port} ssl`], caddy: ['licenses.studio.example:443', `localhost:${port}`], apache: ['*:443', `*:${port}`] } as const;
  const named = { nginx: [['server_name licenses.studio.example', 'server_name localhost']], caddy: [], apache: [['ServerName licenses.studio.example', 'ServerName localhost']] } as const;
  const example = filledIn(exampleOf(name), [listen[name], ...named[name], ['127.0.0.1:7420', `127.0.0.1:${upstream}`], ['/etc/ssl/licenses.pem', certificate], ['/etc/ssl/licenses.key', key]]);
  const child = spawn(programs[name].command, configure[name](folder, example), { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => void said.push(text.toString()));
  const ended = new Promise<void>((done) => void child.once('exit', () => done()));
  let isOver = false;
  void ended.then(() => (isOver = true));
  const close = async (): Promise<void> => {
    if (!isOver) child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  for (const end = Date.now() + 30_000; !(await answers(port)); ) {
    if (isOver || Date.now() > end) {
      if (existsSync(join(folder, 'error.log'))) said.push(readFileSync(join(folder, 'error.log'), 'utf8'));
      await close();
      throw new Error(`${name} did not start: ${said.join('')}`);
    }
  }
  return { url: `https://localhost:${port}`, ca: readFileSync(certificate, 'utf8'), close };
};

const answers = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => setTimeout(() => done(false), 50));
  });
