import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isAuthorityAddress } from '../../src-shared/address.ts';

/** Where an administrator says how the machines of an organization use Latchkey; the person cannot write there. */
export const deploymentFile = (platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string => {
  if (platform === 'win32') return join(env['ProgramData'] ?? 'C:\\ProgramData', 'Latchkey', 'deployment.json');
  if (platform === 'darwin') return '/Library/Application Support/Latchkey/deployment.json';
  return '/etc/latchkey/deployment.json';
};

/** A member that is not what it should be says nothing, and the others count all the same. */
const deployment = z.object({ authority: z.string().optional().catch(undefined), startAtLogin: z.boolean().optional().catch(undefined) });
export type Deployment = Readonly<z.infer<typeof deployment>>;

export type AuthorityChoice = {
  readonly env: NodeJS.ProcessEnv;
  readonly packaged: boolean;
  readonly platform: NodeJS.Platform;
  /** Compiled in. */
  readonly built: string | null;
  readonly read?: (file: string) => string;
};

/**
 * The authority's address: null means a machine without a network, undefined that nobody has said (the address of the
 * last sign-in counts). An unpackaged run's environment comes first, then the administrator's file, then the build.
 * It never says whom to trust: a wrong address gives nothing that the compiled-in keys accept.
 */
export const chooseAuthority = ({ env, packaged, platform, built, read }: AuthorityChoice): string | null | undefined => {
  const named = env['LATCHKEY_AUTHORITY'];
  if (!packaged && named !== undefined) return named === '' ? null : named;
  const deployed = readDeployment(platform, env, read).authority;
  if (deployed === '') return null;
  if (deployed !== undefined && isAuthorityAddress(URL.parse(deployed))) return deployed;
  return built ?? undefined;
};

/** Nothing where there is no such file, or it is not JSON. */
export const readDeployment = (platform: NodeJS.Platform, env: NodeJS.ProcessEnv, read: (file: string) => string = (file) => readFileSync(file, 'utf8')): Deployment => {
  try {
    // Some editors put a mark of the byte order before it.
    return deployment.parse(JSON.parse(read(deploymentFile(platform, env)).replace(/^\ufeff/, '')));
  } catch {
    return {};
  }
};
