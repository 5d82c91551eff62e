import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import machineIdentity from 'node-machine-id';
import { system32, systemEnvironment, withSystemPrograms } from './system-programs.ts';

const run = promisify(execFile);

const idFiles = ['/var/lib/dbus/machine-id', '/etc/machine-id'] as const;

const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

const tidy = (text: string | undefined): string | null => (text ?? '').replace(/[\s"=]+/g, '').toLowerCase() || null;

/** What the system itself says, read without a shell and without names that anybody could put something else under; null where it says nothing. */
const fromSystem = async (): Promise<string | null> => {
  const env = systemEnvironment();
  switch (process.platform) {
    case 'linux':
      // As node-machine-id does: the first line of the two files together.
      return tidy(idFiles.map(textOf).join('').split('\n')[0]);
    case 'darwin': {
      const { stdout } = await run('/usr/sbin/ioreg', ['-rd1', '-c', 'IOPlatformExpertDevice'], { env });
      return tidy(/"IOPlatformUUID"\s*=\s*"([^"]+)"/.exec(stdout)?.[1]);
    }
    case 'win32': {
      const { stdout } = await run(`${system32}\\reg.exe`, ['QUERY', 'HKLM\\SOFTWARE\\Microsoft\\Cryptography', '/v', 'MachineGuid'], { env });
      return tidy(/REG_SZ\s+(\S+)/.exec(stdout)?.[1]);
    }
    default:
      return null;
  }
};

/**
 * SECURITY: the id that the system has given this installation. node-machine-id asks a shell for it, so its answer counts only
 * where the system itself gives none: then it is the host's name, which is no identity.
 */
export const readOsId = async (): Promise<string> => {
  const asked = withSystemPrograms(() => machineIdentity.machineId(true));
  const [library, system] = await Promise.all([asked, fromSystem()]);
  return system ?? library;
};
