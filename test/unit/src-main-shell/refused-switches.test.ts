import { afterEach, expect, it, vi } from 'vitest';

const given = new Set<string>();
vi.mock('electron', () => ({ app: { commandLine: { hasSwitch: (name: string) => given.has(name), removeSwitch: (name: string) => given.delete(name) } } }));
const { refuseSwitches } = await import('../../../src-main/shell/refused-switches.ts');
afterEach(() => given.clear());

it('takes away what would weaken the check of certificates, lead names elsewhere or let others read along, and names it', () => {
  for (const each of ['ignore-certificate-errors', 'host-resolver-rules', 'remote-debugging-port', 'proxy-server', 'lang']) given.add(each);
  const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0', SSLKEYLOGFILE: '/tmp/keys', HTTPS_PROXY: 'http://proxy.example' };
  expect(refuseSwitches(env)).toEqual(['--ignore-certificate-errors', '--host-resolver-rules', '--remote-debugging-port', 'NODE_TLS_REJECT_UNAUTHORIZED', 'SSLKEYLOGFILE']);
  expect([...given]).toEqual(['proxy-server', 'lang']);
  expect(env).toEqual({ HTTPS_PROXY: 'http://proxy.example' });
});

it('says nothing where there was nothing', () => {
  expect(refuseSwitches({})).toEqual([]);
});
