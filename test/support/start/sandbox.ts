import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What a Linux system says of the two ways in which Chromium's sandbox can begin. */
export type SandboxFacts = {
  /** The helper beside Electron's program; null where there is none. */
  readonly helper: { readonly owner: number; readonly mode: number } | null;
  /** A value of the kernel, by its path below /proc/sys; null where it has none. */
  readonly setting: (path: string) => string | null;
  /** Whether AppArmor has a profile for this program. */
  readonly hasProfile: boolean;
  /** Whether a process may become root of a namespace of its own; null where that cannot be tried. */
  readonly canMakeNamespace: boolean | null;
};

export type SandboxRefusal = { readonly why: string; readonly next: string };

/**
 * Why Electron would end at once rather than run without its sandbox, and what a person can do about it; null where it can start.
 * It takes user namespaces, and where they are refused the helper `chrome-sandbox`, if that is root's and has mode 4755
 * (chromium/docs/linux/suid_sandbox.md; Ubuntu refuses user namespaces to programs without a profile since 23.10).
 */
export function sandboxRefusal(binary: string, { helper, setting, hasProfile, canMakeNamespace }: SandboxFacts): SandboxRefusal | null {
  if (helper !== null && helper.owner === 0 && (helper.mode & 0o7777) === 0o4755) return null;
  const refused = [
    setting('kernel/apparmor_restrict_unprivileged_userns') === '1' && !hasProfile && 'kernel.apparmor_restrict_unprivileged_userns=1',
    setting('kernel/unprivileged_userns_clone') === '0' && 'kernel.unprivileged_userns_clone=0',
    setting('user/max_user_namespaces') === '0' && 'user.max_user_namespaces=0',
    canMakeNamespace === false && 'unshare is refused',
  ].find((each) => each !== false);
  if (refused === undefined) return null;
  const path = join(dirname(binary), 'chrome-sandbox');
  return {
    why: `Electron's sandbox cannot start: this system refuses it user namespaces (${refused})`,
    next: `To allow it for this copy of Electron:\n  sudo chown root:root '${path}' && sudo chmod 4755 '${path}'`,
  };
}

const asked = <T>(ask: () => T): T | null => {
  try {
    return ask();
  } catch {
    return null;
  }
};

export function sandboxFacts(binary: string): SandboxFacts {
  const helper = asked(() => statSync(join(dirname(binary), 'chrome-sandbox')));
  const profiles = asked(() => readdirSync('/etc/apparmor.d', { withFileTypes: true })) ?? [];
  const tried = spawnSync('unshare', ['--user', '--map-root-user', 'true'], { stdio: 'ignore', timeout: 5000 });
  return {
    helper: helper && { owner: helper.uid, mode: helper.mode },
    setting: (path) => asked(() => readFileSync(join('/proc/sys', path), 'utf8').trim()),
    hasProfile: profiles.some((entry) => entry.isFile() && asked(() => readFileSync(join(entry.parentPath, entry.name), 'utf8'))?.includes(binary)),
    canMakeNamespace: tried.error === undefined ? tried.status === 0 : null,
  };
}
