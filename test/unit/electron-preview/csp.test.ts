import { expect, test } from 'vitest';
import { withOwnAddress } from '../../support/electron-preview/csp.ts';

const own = { page: 'http://127.0.0.1:1', socket: 'ws://127.0.0.1:1', script: 'http://127.0.0.1:1/page.js' };
const rewrite = (policy: string) => withOwnAddress(policy, 'app://bundle', own);

test.each([
  ["connect-src 'none' gives way to the socket and the page address", "default-src 'self'; connect-src 'none'", "default-src 'self'; connect-src http://127.0.0.1:1 ws://127.0.0.1:1"],
  ["'self' covers the page address, so only the socket is added", "connect-src 'self'", "connect-src 'self' ws://127.0.0.1:1"],
  ['a default-src stays as it is and is repeated for the directive that needs more', "default-src 'self'", "default-src 'self'; connect-src 'self' ws://127.0.0.1:1"],
  ['a closed default-src opens for the socket and the page script only', "default-src 'none'", "default-src 'none'; connect-src http://127.0.0.1:1 ws://127.0.0.1:1; script-src http://127.0.0.1:1/page.js"],
  ["the app's own origin is the page address here", 'img-src app://bundle data:', 'img-src app://bundle data: http://127.0.0.1:1'],
  ['a policy that rules neither scripts nor connections is left alone', "frame-ancestors 'none'; style-src 'sha256-x'", "frame-ancestors 'none'; style-src 'sha256-x'"],
  ['each of two policies is widened by itself', "script-src 'none', connect-src 'self'", "script-src http://127.0.0.1:1/page.js, connect-src 'self' ws://127.0.0.1:1"],
])('%s', (_name, policy, expected) => {
  expect(rewrite(policy)).toBe(expected);
});

test('no policy gains an unsafe source', () => {
  for (const policy of ["default-src 'none'", "script-src 'self'", "default-src 'self'; script-src 'none'; connect-src 'none'"]) expect(rewrite(policy)).not.toContain('unsafe');
});
