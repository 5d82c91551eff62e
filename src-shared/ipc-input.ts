import { z } from 'zod';
import type { IpcChannel, IpcInput } from './ipc.ts';
import { languages } from './language.ts';

const id = z.string().min(1).max(128);
const days = z.int().min(1).max(3660);
const bytes = z.instanceof(Uint8Array);
const lease = z.strictObject({ lease: id });
const organization = z.strictObject({ organization: id });
const request = z.strictObject({ request: id });

/** The name of a call, by which it can be cancelled. */
export const callId = z.string().min(1).max(64);

/** What main lets in from the renderer, channel by channel. */
export const ipcInput = {
  'app.snapshot': z.null(),
  'app.defect': z.strictObject({ how: z.enum(['drawing', 'script', 'promise']), error: z.string().max(20_000) }),
  'app.show-log': z.null(),
  'session.sign-in': z.strictObject({ email: z.string().max(254), password: z.string().max(1024), otp: z.string().max(64).exactOptional() }),
  'session.sign-out': z.strictObject({ release: z.boolean() }),
  'organization.choose': organization,
  'organization.set-default': organization,
  'picker.refresh': z.null(),
  'lease.checkout': z.strictObject({ license: id, days: days.exactOptional() }),
  'lease.change': z.strictObject({ lease: id, license: id, days: days.exactOptional() }),
  'lease.renew': lease,
  'lease.release': z.strictObject({ lease: id, reason: z.literal('user') }),
  'lease.switch-offline': z.strictObject({ lease: id, days }),
  'lease.switch-online': lease,
  'leases.mine': z.null(),
  'leases.release-elsewhere': lease,
  'machine.rename': z.strictObject({ name: z.string().max(200) }),
  'exchange.create-request': z.strictObject({
    name: z.string().max(200), product: id.exactOptional(), license: id.exactOptional(), lease: id.exactOptional(), days: days.exactOptional(),
  }),
  'exchange.create-time-request': z.null(),
  'clock.check': z.null(),
  'exchange.request-file': request,
  'exchange.discard-request': request,
  'exchange.inspect': z.strictObject({ bytes }),
  'exchange.import': z.strictObject({ bytes }),
  'exchange.fetch-keys': z.null(),
  'exchange.release-proof': lease,
  'exchange.proof-file': lease,
  'download.show': z.strictObject({ id: z.string().min(1).max(64) }),
  'recovery.dismiss': z.null(),
  'settings.read': z.null(),
  'settings.start-at-login': z.strictObject({ on: z.boolean() }),
  'settings.closing': z.strictObject({ closing: z.enum(['stay', 'quit']) }),
  // What is in the call is checked by the schemas of its route.
  'authority.call': z.strictObject({
    name: z.string().max(64),
    call: z.strictObject({ params: z.unknown().optional(), query: z.unknown().optional(), body: z.unknown().optional() }),
  }),
  'call.cancel': z.strictObject({ call: callId }),
  'language.choose': z.strictObject({ language: z.enum(languages) }),
} as const satisfies { readonly [C in IpcChannel]: z.ZodType<IpcInput<C>> };
