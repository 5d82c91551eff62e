import { describe, expect, test } from 'vitest';
import { sandboxFacts, sandboxRefusal, type SandboxFacts } from '../../support/start/sandbox.ts';

const binary = '/home/ida/latchkey/node_modules/electron/dist/electron';
const facts = (changes: Partial<SandboxFacts> = {}, settings: Readonly<Record<string, string>> = {}): SandboxFacts => ({
  helper: { owner: 1000, mode: 0o100755 }, setting: (path) => settings[path] ?? null, hasProfile: false, canMakeNamespace: true, ...changes,
});
const ubuntu = { 'kernel/apparmor_restrict_unprivileged_userns': '1', 'kernel/unprivileged_userns_clone': '1', 'user/max_user_namespaces': '63000' };

describe("Electron's sandbox", () => {
  test('starts where user namespaces are for everybody', () => {
    expect(sandboxRefusal(binary, facts({}, { 'user/max_user_namespaces': '63000' }))).toBeNull();
    expect(sandboxRefusal(binary, facts({ helper: null, canMakeNamespace: null }))).toBeNull();
  });

  test('does not start on Ubuntu 24.04, and a person is told what to type', () => {
    const refusal = sandboxRefusal(binary, facts({}, ubuntu));
    expect(refusal?.why).toContain('kernel.apparmor_restrict_unprivileged_userns=1');
    expect(refusal?.next).toContain("sudo chown root:root '/home/ida/latchkey/node_modules/electron/dist/chrome-sandbox' && sudo chmod 4755 '/home/ida/latchkey/node_modules/electron/dist/chrome-sandbox'");
  });

  test('starts there once the helper is root\'s with mode 4755, or AppArmor knows the program', () => {
    expect(sandboxRefusal(binary, facts({ helper: { owner: 0, mode: 0o104755 } }, ubuntu))).toBeNull();
    expect(sandboxRefusal(binary, facts({ hasProfile: true }, ubuntu))).toBeNull();
    expect(sandboxRefusal(binary, facts({ helper: { owner: 0, mode: 0o100755 } }, ubuntu))).not.toBeNull();
    expect(sandboxRefusal(binary, facts({ helper: { owner: 1000, mode: 0o104755 } }, ubuntu))).not.toBeNull();
  });

  test.each([
    ['kernel.unprivileged_userns_clone=0', facts({}, { 'kernel/unprivileged_userns_clone': '0' })],
    ['user.max_user_namespaces=0', facts({}, { 'user/max_user_namespaces': '0' })],
    ['unshare is refused', facts({ canMakeNamespace: false })],
  ])('does not start where %s, as in many containers', (named, given) => {
    expect(sandboxRefusal(binary, given)?.why).toContain(named);
  });
});

test.runIf(process.platform === 'linux')('a real system is asked without a fault, also for a program that is not there', () => {
  const { setting, helper, hasProfile } = sandboxFacts(binary);
  expect([helper, hasProfile, setting('kernel/ostype'), setting('kernel/no-such-thing')]).toEqual([null, false, 'Linux', null]);
});
