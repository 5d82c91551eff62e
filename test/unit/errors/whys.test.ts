import { describe, expect, test } from 'vitest';
import { whyOf, whyTable } from '../../../src-shared/whys.ts';
import type { CodeWithWhy } from '../../../src-shared/whys.ts';
import { refusalSites, whysGivenTo } from '../../support/refusals.ts';

/** Whys that are worked out while the program runs: where, and what they can be. */
const computed: Readonly<Record<string, readonly string[]>> = {
  'src-shared/documents/parse.ts FILE_MALFORMED': whysGivenTo('malformed'),
  'src-shared/documents/authenticate.ts FILE_NOT_GENUINE': [...whysGivenTo('notGenuine'), 'key-unknown-needed'],
  'src-main/adapter/authority/client.ts AUTHORITY_UNREACHABLE': [...whysGivenTo('unreachable'), 'certificate', 'name', 'network', 'proxy', 'refused', 'timeout'],
  'src-authority/people/invitations.ts INVITE_ENDED': ['accepted', 'cancelled', 'declined'],
  'src-authority/server.ts STORE_UNUSABLE': whysGivenTo('refuse'),
  'src-main/adapter/store/refusal.ts STORE_UNUSABLE': ['busy', 'damaged', 'disk', 'foreign-file', 'full', 'in-the-way', 'read-only', 'name-too-long'],
  'src-authority/adapter/sealing.ts STORE_UNUSABLE': ['disk', 'full', 'key'],
  'src-main/shell/profile.ts STORE_UNUSABLE': ['disk', 'full', 'in-the-way', 'read-only', 'name-too-long'],
  'src-main/shell/secret-files.ts STORE_UNUSABLE': ['disk', 'full', 'keychain-changed', 'keychain-refused', 'read-only', 'sealed'],
  'src-authority/adapter/database.ts STORE_UNUSABLE': ['authority-busy', 'authority-disk', 'authority-full', 'busy', 'damaged', 'disk', 'full', 'read-only'],
};

describe('why something is refused', () => {
  const sites = refusalSites();

  test('the table of whys has those that the sources give, and no other', () => {
    const given = new Map<string, Set<string>>();
    const add = (code: string, whys: readonly string[]) => given.set(code, new Set([...(given.get(code) ?? []), ...whys]));
    for (const { code, whys } of sites) add(code, whys);
    for (const [place, whys] of Object.entries(computed)) add(place.split(' ')[1] ?? '', whys);
    const sorted = (each: Iterable<readonly [string, Iterable<string>]>) => [...each].map(([code, whys]) => [code, [...whys].toSorted()] as const).filter(([, whys]) => whys.length > 0).toSorted();
    expect(sorted(given)).toEqual(sorted(Object.entries(whyTable)));
  });

  test('every why that is worked out while the program runs is known here', () => {
    const places = new Set(sites.filter((site) => site.computed).map(({ file, code }) => `${file} ${code}`));
    expect([...places].toSorted()).toEqual(Object.keys(computed).toSorted());
  });

  test.each([
    ['AUTHORITY_UNREACHABLE', 'ECONNREFUSED', 'refused'], ['AUTHORITY_UNREACHABLE', 'ERR_PROXY', 'proxy'], ['AUTHORITY_UNREACHABLE', 'ENOTFOUND', 'name'], ['AUTHORITY_UNREACHABLE', 'EAI_AGAIN', 'name'],
    ['AUTHORITY_UNREACHABLE', 'CERT_HAS_EXPIRED', 'certificate'], ['AUTHORITY_UNREACHABLE', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate'],
    ['AUTHORITY_UNREACHABLE', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate'], ['AUTHORITY_UNREACHABLE', 'ERR_TLS_CERT_ALTNAME_INVALID', 'certificate'],
    ['AUTHORITY_UNREACHABLE', 'UND_ERR_HEADERS_TIMEOUT', 'timeout'], ['AUTHORITY_UNREACHABLE', 'ECONNRESET', 'network'], ['AUTHORITY_UNREACHABLE', 'timeout', 'timeout'],
    // Chromium's, by which the app is told.
    ['AUTHORITY_UNREACHABLE', 'ERR_CERT_AUTHORITY_INVALID', 'certificate'], ['AUTHORITY_UNREACHABLE', 'ERR_CERT_DATE_INVALID', 'certificate'], ['AUTHORITY_UNREACHABLE', 'ERR_SSL_PROTOCOL_ERROR', 'certificate'],
    ['AUTHORITY_UNREACHABLE', 'ERR_PROXY_CONNECTION_FAILED', 'proxy'], ['AUTHORITY_UNREACHABLE', 'ERR_TUNNEL_CONNECTION_FAILED', 'proxy'], ['AUTHORITY_UNREACHABLE', 'ERR_PROXY_AUTH_REQUESTED', 'proxy'],
    ['AUTHORITY_UNREACHABLE', 'ERR_PROXY_CERTIFICATE_INVALID', 'proxy'], ['AUTHORITY_UNREACHABLE', 'ERR_MANDATORY_PROXY_CONFIGURATION_FAILED', 'proxy'], ['AUTHORITY_UNREACHABLE', 'ERR_SOCKS_CONNECTION_FAILED', 'proxy'],
    ['AUTHORITY_UNREACHABLE', 'ERR_PAC_SCRIPT_FAILED', 'proxy'], ['AUTHORITY_UNREACHABLE', 'ERR_HTTPS_PROXY_TUNNEL_RESPONSE_REDIRECT', 'portal'],
    ['AUTHORITY_UNREACHABLE', 'ERR_CONNECTION_REFUSED', 'refused'], ['AUTHORITY_UNREACHABLE', 'ERR_NAME_NOT_RESOLVED', 'name'], ['AUTHORITY_UNREACHABLE', 'ERR_DNS_TIMED_OUT', 'name'],
    ['AUTHORITY_UNREACHABLE', 'ERR_CONNECTION_TIMED_OUT', 'timeout'], ['AUTHORITY_UNREACHABLE', 'ERR_TIMED_OUT', 'timeout'], ['AUTHORITY_UNREACHABLE', 'ERR_INTERNET_DISCONNECTED', 'network'],
    ['AUTHORITY_UNREACHABLE', 'ERR_NETWORK_IO_SUSPENDED', 'network'], ['AUTHORITY_UNREACHABLE', 'ERR_INVALID_HTTP_RESPONSE', 'reply'],
    ['STORE_UNUSABLE', 'SQLITE_FULL', 'full'], ['STORE_UNUSABLE', 'ENOSPC', 'full'], ['STORE_UNUSABLE', 'SQLITE_READONLY_DBMOVED', 'read-only'], ['STORE_UNUSABLE', 'EROFS', 'read-only'],
    ['STORE_UNUSABLE', 'EACCES', 'read-only'], ['STORE_UNUSABLE', 'SQLITE_CANTOPEN', 'read-only'], ['STORE_UNUSABLE', 'SQLITE_BUSY', 'busy'], ['STORE_UNUSABLE', 'SQLITE_CORRUPT_VTAB', 'damaged'],
    ['STORE_UNUSABLE', 'EEXIST', 'in-the-way'], ['STORE_UNUSABLE', 'EISDIR', 'in-the-way'], ['STORE_UNUSABLE', 'ENOTDIR', 'in-the-way'], ['STORE_UNUSABLE', 'ENAMETOOLONG', 'name-too-long'], ['STORE_UNUSABLE', 'SQLITE_IOERR_FSYNC', 'disk'], ['STORE_UNUSABLE', 'EIO', 'disk'], ['STORE_UNUSABLE', 'something new', null], ['CONFLICT', 'something new', null], ['CONFLICT', 7, null],
    ['LEASE_EXPIRED', 'time', null],
  ] as const)('%s because of %s has the words of %s', (code, why, expected) => {
    expect(whyOf(code, { why })).toBe(expected);
  });

  test.each([
    ['SQLITE_FULL', 'authority-full'], ['ENOSPC', 'authority-full'], ['SQLITE_IOERR_FSYNC', 'authority-disk'], ['SQLITE_READONLY', 'authority-disk'], ['SQLITE_BUSY', 'authority-busy'],
    ['SQLITE_CORRUPT', 'authority-disk'], ['key', 'key'], ['something new', null],
  ] as const)('a store that fails with %s at the authority is not taken for one of this computer', (why, expected) => {
    expect(whyOf('STORE_UNUSABLE', { why, whose: 'authority' })).toBe(expected);
  });

  test('a why that the table has stays what it is', () => {
    for (const [code, whys] of Object.entries(whyTable)) for (const why of whys) expect(whyOf(code as CodeWithWhy, { why })).toBe(why);
  });
});
