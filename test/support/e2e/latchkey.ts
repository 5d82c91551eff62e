import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { project } from '../build.ts';
import { PASSWORD, type Person } from './data.ts';

/** Another machine: the command line with a home of its own. */
export type OtherMachine = {
  readonly home: string;
  /** Runs `latchkey ARGS --json` and gives the value. */
  readonly run: <T>(args: readonly string[], input?: string) => Promise<T>;
  readonly signIn: (person: Person) => Promise<void>;
};

export const otherMachine = (options: { readonly home: string; readonly authority: string; readonly keyset: string }): OtherMachine => {
  const run = <T>(args: readonly string[], input = ''): Promise<T> =>
    new Promise((resolve, reject) => {
      const env = { ...process.env, LATCHKEY_HOME: options.home, LATCHKEY_AUTHORITY: options.authority, LATCHKEY_TRUST: options.keyset };
      const child = execFile(process.execPath, [join(project, 'src-cli/latchkey.ts'), ...args, '--json'], { env, cwd: project }, (error, stdout, stderr) => {
        if (error) reject(new Error(`latchkey ${args.join(' ')}: ${stderr || error.message}`));
        else resolve(JSON.parse(stdout) as T);
      });
      child.stdin?.end(input);
    });
  return { home: options.home, run, signIn: ({ email }) => run(['login', '--email', email, '--password-stdin'], `${PASSWORD}\n`) };
};
