import { fork, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Control } from './control.ts';
import { faultTitle } from './faults.ts';

export type PreviewOptions = {
  /** The built main script. */
  readonly main: string;
  readonly args?: readonly string[];
  /** Added to this process's own environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Every line of the app's output that is not an announcement of the stand-in. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
};

export type PreviewExit = { readonly code: number | null; readonly signal: NodeJS.Signals | null; readonly output: string };

/** The control channel: each command of `control.ts`, from outside the app's process. */
export type PreviewControl = { readonly [Name in Exclude<keyof Control, 'quit'>]: (...args: Parameters<Control[Name]>) => Promise<Awaited<ReturnType<Control[Name]>>> };

export type RunningPreview = PreviewControl & {
  readonly process: ChildProcess;
  /** The address of the first window whose page can be opened; rejects when the app ends before. The window shows when its app shows it, after a first paint as a rule. */
  readonly firstWindow: Promise<string>;
  readonly exited: Promise<PreviewExit>;
  /** The app that this one started by `app.relaunch`, once this one has ended. */
  readonly relaunched: Promise<RunningPreview>;
  /** Asks the app to quit, and resolves when it has. The app may refuse; then this waits. */
  quit(): Promise<PreviewExit>;
  kill(signal?: NodeJS.Signals): Promise<PreviewExit>;
};

const commands = [
  'windows',
  'freshUrl',
  'closeWindow',
  'failLoad',
  'crashPage',
  'moveWindow',
  'maximizeWindow',
  'fullScreenWindow',
  'setDisplays',
  'setTrayHost',
  'tray',
  'clickTray',
  'menu',
  'clickMenu',
  'popups',
  'setProxy',
  'power',
  'setDark',
  'openFile', 'openUrl',
  'secondInstance',
  'activate',
  'systemShutdown',
  'endSession',
  'notifications',
  'clickNotification',
  'closeNotification',
  'failNotification',
  'collectGarbage',
  'asked',
  'answerNextSaveDialog',
  'finishSaveDialog',
  'answerNextMessageBox',
  'clipboard',
  'crashReporting',
  'failInMain',
  'permission',
  'permissionAnswers',
] as const satisfies readonly (keyof PreviewControl)[];

/** Refuses to compile when a command of `control.ts` is missing. */
type Missing = Exclude<keyof PreviewControl, (typeof commands)[number]>;
const none: Missing extends never ? true : never = true;
void none;

/** Starts an app on the stand-in without waiting for a window: for a second start, or an app that begins in the tray. */
export function startPreview({ main, args = [], env = {}, cwd, onLine }: PreviewOptions): RunningPreview {
  const child = fork(fileURLToPath(new URL('./start.ts', import.meta.url)), [main, ...args], {
    silent: true, execArgv: [], env: { ...process.env, NODE_OPTIONS: undefined, ...env }, ...(cwd === undefined ? {} : { cwd }),
  });
  const output: string[] = [];
  const first = Promise.withResolvers<string>();
  const next = Promise.withResolvers<RunningPreview>();
  const relaunches: (readonly string[])[] = [];
  const pending = new Map<number, PromiseWithResolvers<unknown>>();
  let lastCommand = 0;

  const drained = (['stdout', 'stderr'] as const).map((stream) => new Promise<void>((resolve) => {
    createInterface({ input: child[stream] as NonNullable<ChildProcess['stdout']> }).on('close', resolve).on('line', (line) => {
      const url = stream === 'stdout' ? announcedUrl(line) : null;
      if (url !== null) { first.resolve(url); return; }
      output.push(line);
      // An app whose main script failed lives on without a window.
      if (line.startsWith(`electron-preview: error box "${faultTitle}"`)) first.reject(new Error(line));
      onLine?.(line, stream);
    });
  }));
  const exited = new Promise<PreviewExit>((resolve) => {
    child.once('error', (error) => output.push(String(error)));
    // Not `close`: it never comes when this end of the channel was closed first.
    child.once('exit', async (code, signal) => {
      await Promise.all(drained);
      const exit = { code, signal, output: output.join('\n') };
      const error = new Error(`The app ended (${signal ?? code}) ${exit.output}`);
      first.reject(error);
      for (const call of pending.values()) call.reject(error);
      for (const [started = '', ...more] of relaunches) next.resolve(startPreview({ main: started, args: more, env, ...(cwd === undefined ? {} : { cwd }), ...(onLine === undefined ? {} : { onLine }) }));
      resolve(exit);
    });
  });
  // Nobody has to listen for a window that never comes.
  first.promise.catch(() => undefined);

  child.on('message', (message) => {
    const { id, value, error, relaunch } = message as { id: number; value?: unknown; error?: string; relaunch?: readonly string[] };
    if (relaunch !== undefined) { relaunches.push(relaunch); return; }
    const call = pending.get(id);
    pending.delete(id);
    if (error === undefined) call?.resolve(value);
    else call?.reject(new Error(error));
  });

  function send(command: keyof Control, parameters: readonly unknown[]): Promise<unknown> {
    const call = Promise.withResolvers<unknown>();
    const id = ++lastCommand;
    pending.set(id, call);
    child.send({ id, command, args: parameters }, (error) => { if (error !== null) call.reject(error); });
    return call.promise;
  }

  const control = Object.fromEntries(commands.map((command) => [command, (...parameters: readonly unknown[]) => send(command, parameters)])) as unknown as PreviewControl;
  return {
    ...control, process: child, firstWindow: first.promise, exited, relaunched: next.promise,
    quit() {
      send('quit', []).catch(() => undefined);
      return exited;
    },
    kill(signal = 'SIGKILL') {
      child.kill(signal);
      return exited;
    },
  };
}

export type Preview = RunningPreview & { readonly url: string };

/** Starts an app on the stand-in and waits for its first window. */
export async function launchPreview(options: PreviewOptions): Promise<Preview> {
  const running = startPreview(options);
  return { ...running, url: await running.firstWindow };
}

function announcedUrl(line: string): string | null {
  if (!line.startsWith('{"preview":')) return null;
  return (JSON.parse(line) as { preview: { url: string } }).preview.url;
}
