import { ipcChannels, type IpcChannel, type IpcInput, type IpcValue } from '../../src-shared/ipc.ts';
import { callId, ipcInput } from '../../src-shared/ipc-input.ts';
import { fail, type Result } from '../../src-shared/result.ts';
import { appOrigin } from './app-address.ts';
import type { Calls } from './calls.ts';
import type { Log } from './log.ts';
import { defectText } from './scrub.ts';

/** One handler a channel: a missing one does not compile. */
export type IpcHandlers = { readonly [C in IpcChannel]: (input: IpcInput<C>, signal: AbortSignal) => Result<IpcValue<C>> | Promise<Result<IpcValue<C>>> };

/** As much of a frame as the check needs. */
export type SenderFrame = { readonly origin: string; readonly parent: unknown };

/**
 * SECURITY: checklist 17, "Validate the sender of all IPC messages": only the top frame of our own page. A frame that is
 * gone, or that has navigated since it spoke, is null.
 */
export const isOurFrame = (frame: SenderFrame | null): boolean => frame !== null && frame.parent === null && frame.origin === appOrigin;

export type IpcGate = (channel: string, frame: SenderFrame | null, input: unknown, call?: unknown) => Promise<Result<unknown>>;

/** Every call of the page passes here: who speaks, what is said, and a defect told by its number only. */
export const createIpcGate = (handlers: IpcHandlers, calls: Calls, log: Log, newId: () => string): IpcGate => async (channel, frame, input, call) => {
  if (!isOurFrame(frame)) {
    log('ipc.refused', { channel, origin: frame?.origin ?? null });
    return fail('FORBIDDEN');
  }
  if (!isChannel(channel)) return fail('INPUT_INVALID', { channel });
  const parsed = ipcInput[channel].safeParse(input);
  if (!parsed.success) return fail('INPUT_INVALID', { fields: parsed.error.issues.map(({ path }) => path.join('.')) });
  const named = callId.optional().safeParse(call);
  if (!named.success) return fail('INPUT_INVALID', { fields: ['call'] });
  try {
    const handle = handlers[channel] as (input: unknown, signal: AbortSignal) => Result<unknown> | Promise<Result<unknown>>;
    return await calls.under(named.data, (signal) => handle(parsed.data, signal));
  } catch (error) {
    const correlation = newId();
    log('ipc.defect', { channel, correlation, error: defectText(error) });
    return fail('INTERNAL', { correlation });
  }
};

const isChannel = (text: string): text is IpcChannel => (ipcChannels as readonly string[]).includes(text);

/** Refuses to compile when `ipcChannels` lacks a channel of `IpcCalls`. */
type Missing = Exclude<IpcChannel, (typeof ipcChannels)[number]>;
const none: Missing extends never ? true : never = true;
void none;
