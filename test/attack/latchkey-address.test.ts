import { describe, expect, test } from 'vitest';
import { readArguments } from '../../src-main/shell/arguments.ts';
import { forLog, isOurAddress, readAddress, registersScheme } from '../../src-main/shell/latchkey-address.ts';
import { wishOf } from '../../src-main/shell/start-wish.ts';

/** Any site can have such an address opened: what it says is shown as a page of a closed list, or as nothing. */
const code = 'Zm9vYmFyYmF6cXV4MDEyMzQ1Njc4OUFCQ0RFRkdISl8';

describe('an address of the app', () => {
  test.each([
    ['latchkey://picker', { page: 'picker' }], ['latchkey://picker/', { page: 'picker' }],
    ['latchkey://exchange', { page: 'exchange' }], ['latchkey://exchange/', { page: 'exchange' }],
    [`latchkey://invitation/${code}`, { page: 'invitation', code }], [`latchkey://invitation/${code}/`, { page: 'invitation', code }],
  ] as const)('%s shows its page', (address, page) => expect(readAddress(address)).toEqual(page));

  test.each([
    '', 'latchkey', 'latchkey:', 'latchkey:/', 'latchkey://', 'latchkey:///', 'latchkey:picker', 'latchkey:/picker', 'latchkey:///picker', 'latchkey:////picker',
    'LATCHKEY://picker', 'Latchkey://picker', 'latchkey://PICKER', 'latchkeys://picker', 'xlatchkey://picker', ' latchkey://picker', 'latchkey://picker ', 'latchkey://picker\n', '\ufefflatchkey://picker',
    'latchkey://lease', 'latchkey://my-licenses', 'latchkey://settings', 'latchkey://organizations/org_1', 'latchkey://account/password', 'latchkey://release', 'latchkey://quit', 'latchkey://__proto__', 'latchkey://constructor',
    'latchkey://picker//', 'latchkey://picker/instead-of/lse_1', 'latchkey://picker/..', 'latchkey://picker/../exchange', 'latchkey://picker/%2e%2e/exchange', 'latchkey://x/../picker', 'latchkey://./picker',
    'latchkey://picker?', 'latchkey://picker?license=lic_1', 'latchkey://picker?checkout=1', 'latchkey://picker#', 'latchkey://picker#/lease', 'latchkey://picker/#/lease/lse_1', 'latchkey://picker;a=b', 'latchkey://picker%00', 'latchkey://picker\0', 'latchkey://pick%65r',
    'latchkey://exchange/renew/lse_1', 'latchkey://exchange?file=/etc/passwd', 'latchkey://exchange/C:\\Users\\m\\a.lklic', 'latchkey://exchange/file:///etc/passwd', 'latchkey://exchange/..%2f..%2fetc%2fpasswd.lklic',
    'latchkey://user@picker', 'latchkey://user:password@picker', 'latchkey://picker:80', 'latchkey://picker:', 'latchkey://picker.evil.example', 'latchkey://evil.example/picker', 'latchkey://picker\\@evil.example',
    'latchkey://invitation', 'latchkey://invitation/', 'latchkey://invitation/short', `latchkey://invitation/${code}x`, `latchkey://invitation/${code.slice(1)}`, `latchkey://invitation/${code.slice(1)}.`, `latchkey://invitation/${code.slice(1)}%2e`,
    `latchkey://invitation/${code}?accept=1`, `latchkey://invitation/${code}#accept`, `latchkey://invitation/${code}//`, `latchkey://invitation//${code}`, `latchkey://invitation/${code}/accept`, `latchkey://invitation?token=${code}`, `latchkey://invitation#${code}`,
    `latchkey://invitation/${code}\n`, `latchkey://invitation/${code.slice(1)}\n`, `latchkey://invitation/${code.slice(1)}ſ`, `latchkey://invitation/../${code}`,
    'latchkey://picker --inspect', 'latchkey://picker" --inspect=0.0.0.0 "', "latchkey://picker' --quit", 'latchkey://x --inspect', 'latchkey://picker --gpu-launcher=calc', 'latchkey://picker\t--quit', 'latchkey://picker%20--quit', 'latchkey://picker" --no-sandbox --gpu-launcher="cmd',
    'javascript:alert(1)', 'file:///etc/passwd', 'http://picker', 'https://latchkey/picker', 'app://latchkey/index.html#/lease', 'data:text/html,latchkey://picker', 'latchkey://javascript:alert(1)', 'latchkey://picker/<script>alert(1)</script>', 'view-source:latchkey://picker',
    'latchkey://\u0440icker', 'latchkey://picker\u200b', 'latchkey://\u202erekcip', `latchkey://${'a'.repeat(100_000)}`, `latchkey://picker/${'../'.repeat(100_000)}`, `latchkey://invitation/${'a'.repeat(1_000_000)}`,
  ])('that is not of the list is nothing: %j', (address) => expect(readAddress(address)).toBeNull());

  test('among the arguments of a start is never a switch, whatever it holds, and a switch is never taken from it', () => {
    for (const address of ['latchkey://x --quit', 'latchkey://x" --hidden', 'latchkey://--quit', 'latchkey:--quit', 'latchkey://picker --inspect']) {
      const start = readArguments(['latchkey', address]);
      expect([[...start.switches], wishOf(start), start.others]).toEqual([[], 'show', [address]]);
    }
  });

  test('is told from other arguments by its scheme, in any case', () => {
    expect(['latchkey:', 'LATCHKEY://x', 'Latchkey:x'].map(isOurAddress)).toEqual([true, true, true]);
    expect(['latchkey', '/home/latchkey:x', 'a.lklic', 'latchkeys://x', ''].map(isOurAddress)).toEqual([false, false, false, false, false]);
  });

  test('leaves no code and no line of its own in the log', () => {
    expect(forLog(`latchkey://invitation/${code}x`)).toBe('latchkey://invitation/…');
    expect(forLog('latchkey://x\n{"event":"forged"}')).toBe('latchkey://x?{"event":"forged"}');
    expect(forLog(`latchkey://${'é'.repeat(500)}`).length).toBeLessThanOrEqual(120);
  });

  test('is registered by the app where no package does it, and never by a run from its sources', () => {
    expect((['win32', 'darwin', 'linux'] as const).map((platform) => [registersScheme(platform, true), registersScheme(platform, false)])).toEqual([[true, false], [true, false], [false, false]]);
  });
});
