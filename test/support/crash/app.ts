import { fork } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import type { IpcChannel, IpcInput } from '../../../src-shared/ipc.ts';
import type { Result } from '../../../src-shared/result.ts';
import { project } from '../build.ts';
import { createCodec } from '../electron-preview/codec.ts';
import { environment, trap, trapOf } from './processes.ts';
import type { TrapHand } from './processes.ts';
import type { Place } from './visit.ts';

/** The built app on the stand-in for Electron, with the trap before it; its page is spoken for by us, over the same channel. */
export type CrashApp = TrapHand & {
  /** Null: the app died before it could answer. */
  readonly call: <C extends IpcChannel>(channel: C, input: IpcInput<C>) => Promise<Result<unknown> | null>;
  readonly kill: () => void;
  readonly dead: Promise<NodeJS.Signals | number | null>;
  readonly quit: () => Promise<void>;
};

export const startApp = async (place: Place, trust: string): Promise<CrashApp> => {
  const child = fork(join(import.meta.dirname, '../electron-preview/start.ts'), [join(project, 'out/main/main.js')], {
    cwd: project, silent: true, execArgv: ['--import', trap],
    env: environment({ LATCHKEY_HOME: place.home, LATCHKEY_AUTHORITY: place.authority ?? '', LATCHKEY_TRUST: trust }),
  });
  const output: string[] = [];
  child.stderr?.setEncoding('utf8').on('data', (text: string) => output.push(text));
  const dead = new Promise<NodeJS.Signals | number | null>((resolve) => child.once('close', (code, signal) => resolve(signal ?? code)));
  const address = await new Promise<string>((resolve, reject) => {
    if (child.stdout) {
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line.startsWith('{"preview":')) resolve((JSON.parse(line) as { preview: { url: string } }).preview.url);
      });
    }
    void dead.then((how) => reject(new Error(`The app did not start clean (${String(how)}): ${output.join('')}`)));
  });
  const page = await openPage(address);
  return {
    dead,
    call: (channel, input) => Promise.race([page.invoke(channel, input), dead.then(() => null)]),
    ...trapOf(child, dead),
    kill: () => void child.kill('SIGKILL'),
    quit: async () => {
      page.close();
      child.kill('SIGTERM');
      const how = await dead;
      if (how !== 0) throw new Error(`The app did not end clean (${String(how)}): ${output.join('')}`);
    },
  };
};

/** What the stand-in's page does: brings the one-time token for a cookie, and calls over one socket. */
const openPage = async (address: string) => {
  const codec = createCodec();
  const { origin } = new URL(address);
  const first = await fetch(address, { redirect: 'manual' });
  const cookie = first.headers.getSetCookie().map((each) => each.split(';')[0]).join('; ');
  const url = new URL(first.headers.get('location') ?? '', address).href;
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/__electron-preview__/ipc`, { origin, headers: { cookie } });
  const waiting = new Map<number, (value: Result<unknown>) => void>();
  let last = 0;
  socket.on('error', () => undefined);
  socket.on('message', (data: Buffer) => {
    const message = codec.decode(data.toString()) as { readonly kind: string; readonly id: number; readonly value: Result<unknown> };
    if (message.kind === 'reply') waiting.get(message.id)?.(message.value);
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('close', () => reject(new Error('The page was not let in'))));
  socket.send(codec.encode({ kind: 'hello', url }));
  return {
    invoke: (channel: IpcChannel, input: unknown): Promise<Result<unknown>> => new Promise((resolve) => {
      last += 1;
      waiting.set(last, resolve);
      socket.send(codec.encode({ kind: 'invoke', id: last, channel, args: [input], url }));
    }),
    close: () => socket.terminate(),
  };
};
