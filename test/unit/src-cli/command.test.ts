import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDocumentFile } from '../../../src-cli/command.ts';
import { listenHost, proxyAddresses } from '../../../src-cli/authority/serve.ts';
import { messageFor } from '../../../src-cli/messages.ts';
import { nextFor } from '../../../src-cli/next-steps.ts';
import { createOutputs } from '../../../src-cli/outputs.ts';
import { codeOf } from '../../support/client.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-command-'));
  writeFileSync(at('plain'), 'kept');
  mkdirSync(at('folder'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('where a file is to be written', () => {
  const outputs = createOutputs(() => at('no-home'));
  test.each([
    ['a name that is too long', 'x'.repeat(300), 'name-too-long'],
    ['a name that is too long while it is written', 'x'.repeat(250), 'name-too-long'],
    ['a file taken for a folder', 'plain/x', 'no-directory'],
    ['a folder that is not there', 'none/x', 'no-directory'],
    ['a folder', 'folder', 'not-a-file'],
  ])('%s is refused before anything is changed', (_, name, why) => {
    const before = readdirSync(folder);
    for (const refused of [outputs.check(at(name)), outputs.write(at(name), 'text')]) expect(refused).toEqual({ ok: false, code: 'INPUT_INVALID', details: { why, path: at(name) } });
    expect(readdirSync(folder)).toEqual(before);
  });

  test('a file that is there and one that is not are good', () => {
    expect([outputs.check(at('plain')), outputs.check(at('x'.repeat(240)))]).toEqual([{ ok: true, value: null }, { ok: true, value: null }]);
  });
});

test('a document that is not there is not found, and a name that no file can have is too long', () => {
  for (const [name, why] of [['x'.repeat(300), 'name-too-long'], ['plain/x', 'not-found'], ['none', 'not-found']] as const) {
    expect(readDocumentFile(at(name))).toMatchObject({ ok: false, code: 'INPUT_INVALID', details: { why } });
  }
  expect(codeOf(readDocumentFile(at('folder')))).toBe('FILE_MALFORMED');
});

describe('what serve is told', () => {
  test.each(['10.0.0.1', '10.0.0.0/8', '::1', 'fe80::/10', 'loopback, 192.168.1.1', 'uniquelocal'])('%s are addresses of proxies', (text) => {
    expect(proxyAddresses(text)).toBe(text);
  });
  test.each(['', 'garbage', '10.0.0.0/33', '10.0.0.0/0', '10.0.0.0/8/8', '10.0.0', 'fe80::1%eth0', 'loopback,', 'true', 'proxy.example'])('"%s" are not', (text) => {
    expect(() => proxyAddresses(text)).toThrow(/It must be addresses/);
  });
  test('an empty host is not every address of the computer', () => {
    for (const text of ['', '  ']) expect(() => listenHost(text)).toThrow(/It must be an address/);
    for (const text of ['127.0.0.1', '::', 'localhost']) expect(listenHost(text)).toBe(text);
  });
});

describe('what stands wrong in the environment', () => {
  test.each([
    [{ field: 'authority', why: 'address', address: 'ftp://x' }, 'LATCHKEY_AUTHORITY', /^The address ftp:\/\/x is not one/],
    [{ at: 'LATCHKEY_SMTP_URL', why: 'address' }, 'LATCHKEY_SMTP_URL', /^The address in LATCHKEY_SMTP_URL cannot/],
    [{ at: 'LATCHKEY_PUBLIC_URL', why: 'address' }, 'LATCHKEY_PUBLIC_URL', /^The address in LATCHKEY_PUBLIC_URL cannot/],
    [{ at: 'LATCHKEY_LOG', problem: 'it must be one of a, b' }, 'LATCHKEY_LOG', /LATCHKEY_LOG: it must be one of a, b\.$/],
    [{ at: 'LATCHKEY_TRUST', why: 'not-found', path: '/x' }, 'LATCHKEY_TRUST', /^There is no file at \/x/],
  ])('%j is put right by its name', (details, variable, message) => {
    expect(messageFor('INPUT_INVALID', details)).toMatch(message);
    expect(nextFor('INPUT_INVALID', details)).toContain(`Set ${variable} to `);
  });

  test('an address that serve cannot listen at is told with what the system says', () => {
    expect(messageFor('INPUT_INVALID', { why: 'address', at: '10.9.9.9:80', problem: 'EADDRNOTAVAIL' })).toBe('The address 10.9.9.9:80 cannot be used: EADDRNOTAVAIL.');
    expect(nextFor('INPUT_INVALID', { why: 'address', at: '10.9.9.9:80' })).toBe('Look at the command with --help.');
  });
});
