import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

vi.mock('electron', () => ({ protocol: {} }));
const { answerAsset } = await import('../../../src-main/shell/app-protocol.ts');
const { contentSecurityPolicy } = await import('../../../src-main/shell/content-security-policy.ts');

let folder = '';
let root = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-protocol-'));
  root = join(folder, 'renderer');
  mkdirSync(join(root, 'assets'), { recursive: true });
  writeFileSync(join(root, 'index.html'), '<!doctype html>');
  writeFileSync(join(root, 'assets', 'index-a1_B2.js'), 'export {};');
  writeFileSync(join(root, '.hidden.js'), 'hidden');
  writeFileSync(join(root, 'assets', 'notes.txt'), 'not a kind that is served');
  writeFileSync(join(folder, 'secret.js'), 'secret');
  symlinkSync(join(folder, 'secret.js'), join(root, 'link.js'));
  symlinkSync(folder, join(root, 'up'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const get = (url: string, method = 'GET') => answerAsset(root, { url, method });

describe('the app:// protocol', () => {
  it('serves a file of the renderer with its kind and the policy', async () => {
    const response = await get('app://latchkey/assets/index-a1_B2.js?v=1#here');
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('export {};');
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('content-security-policy')).toBe(contentSecurityPolicy);
  });

  it('serves the start page for the bare address', async () => {
    const response = await get('app://latchkey/');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  });

  it('answers HEAD without a body and refuses every other method', async () => {
    const head = await get('app://latchkey/index.html', 'HEAD');
    expect([head.status, await head.text()]).toEqual([200, '']);
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) expect((await get('app://latchkey/index.html', method)).status).toBe(405);
  });

  it.each([
    ['a step up', 'app://latchkey/../secret.js'],
    ['a step up from a folder', 'app://latchkey/assets/../../secret.js'],
    ['an encoded step up', 'app://latchkey/%2e%2e/secret.js'],
    ['an encoded separator', 'app://latchkey/..%2fsecret.js'],
    ['a twice encoded step up', 'app://latchkey/%252e%252e/secret.js'],
    ['a backslash', 'app://latchkey/..\\secret.js'],
    ['an encoded backslash', 'app://latchkey/..%5csecret.js'],
    ['a NUL', 'app://latchkey/index.html\0.js'],
    ['an encoded NUL', 'app://latchkey/index.html%00.js'],
    ['an empty segment', 'app://latchkey//secret.js'],
    ['an absolute path', 'app://latchkey//etc/passwd'],
    ['a drive', 'app://latchkey/C:/secret.js'],
    ['another data stream', 'app://latchkey/index.html::$DATA'],
    ['a trailing dot', 'app://latchkey/index.html.'],
    ['a hidden file', 'app://latchkey/.hidden.js'],
    ['a kind that is not served', 'app://latchkey/assets/notes.txt'],
    ['a folder', 'app://latchkey/assets'],
    ['a file that is not there', 'app://latchkey/nothing.js'],
    ['a link out of the folder', 'app://latchkey/link.js'],
    ['a linked folder out of the folder', 'app://latchkey/up/secret.js'],
    ['another host', 'app://elsewhere/index.html'],
    ['a host that begins alike', 'app://latchkey.example/index.html'],
    ['a person in the address', 'app://latchkey@elsewhere/index.html'],
    ['another scheme', 'file:///index.html'],
  ])('answers %s with 404 and nothing else', async (_what, url) => {
    const response = await get(url);
    expect([response.status, await response.text()]).toEqual([404, '']);
  });
});

describe('the content security policy', () => {
  const policy = new Map(contentSecurityPolicy.split('; ').map((directive) => {
    const [name = '', ...sources] = directive.split(' ');
    return [name, sources] as const;
  }));

  it('allows nothing by default, no network, no frame, no form', () => {
    for (const name of ['default-src', 'connect-src', 'form-action', 'base-uri', 'frame-ancestors']) expect(policy.get(name)).toEqual(["'none'"]);
  });

  it('takes scripts and styles from our own files only, and no string as script', () => {
    expect(policy.get('script-src')).toEqual(["'self'"]);
    expect(policy.get('style-src')).toEqual(["'self'"]);
    expect(policy.get('require-trusted-types-for')).toEqual(["'script'"]);
    expect(contentSecurityPolicy).not.toMatch(/unsafe|\*|https?:/);
  });
});
