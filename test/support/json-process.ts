import { spawn } from 'node:child_process';

/** What a script of ours says on stdout, read as JSON, whatever its exit status; without anything on stdout, what it says on stderr is thrown. */
export const jsonOf = <T>(script: string, ...args: readonly string[]): Promise<T> =>
  new Promise((done, fail) => {
    const child = spawn(process.execPath, [script, '--json', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, error] = ['', ''];
    child.stdout.on('data', (chunk) => void (out += String(chunk)));
    child.stderr.on('data', (chunk) => void (error += String(chunk)));
    child.once('error', fail);
    child.once('close', () => (out === '' ? fail(new Error(error)) : done(JSON.parse(out) as T)));
  });
