import { judgeClock } from '../../src-shared/documents/index.ts';
import { contract } from '../../src-shared/http/index.ts';
import { CLOCK_TOLERANCE } from '../../src-shared/policy.ts';
import { fail } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { accept } from './accept.ts';
import type { Context } from './context.ts';
import { isDefinite } from './context.ts';
import { writeRequest } from './requests.ts';
import { judgeSigned } from './standing.ts';

/**
 * A clock that is judged to be behind the highest time seen: where the authority can be reached and agrees with the clock,
 * it was once ahead, and a time ticket sets that right. Asks nobody while the clock is right.
 * Errors: `CLOCK_ROLLED_BACK` (with `authority`, its time, where the clock really is wrong), and what the authority or the
 * stages of acceptance say of the request and its ticket.
 */
export const repairClock = async (context: Context): Promise<Result<null>> => {
  const { ports, contact } = context;
  const judged = (): Result<null> => judgeClock(ports.clock.now(), ports.store.machine().highest);
  const wrong = judged();
  if (wrong.ok || ports.authority.url === null) return wrong;
  const about = await contact.asMachine(contract.authority.about, {});
  if (!about.ok) return wrong;
  const { now, clockDoubted } = about.value;
  if (clockDoubted === true) return fail('CLOCK_ROLLED_BACK', { why: 'authority', now: ports.clock.now() });
  if (Math.abs(now - ports.clock.now()) > CLOCK_TOLERANCE) return fail('CLOCK_ROLLED_BACK', { ...wrong.details, authority: now });
  const request = await writeRequest(context, { purpose: 'time', carrier: 'network', mode: 'online' });
  const reply = await contact.asMachine(contract.leases.time, { body: { request: request.text } });
  if (!reply.ok) {
    if (!isDefinite(reply)) return wrong;
    ports.log('clock.not-repaired', { code: reply.code });
    ports.store.write((tx) => tx.removeRequest(request.id));
    return reply;
  }
  const accepted = await accept(context, reply.value.ticket);
  // Another process may have been quicker, and its ticket has made this one useless.
  if (!accepted.ok && !judged().ok) return accepted;
  ports.log('clock.repaired', { authority: now });
  return judged();
};

/** Looks at the clock again, now. Errors: those of `repairClock`. */
export const checkClock = async (context: Context): Promise<Result<null>> => {
  await context.sync();
  const repaired = await repairClock(context);
  context.publish();
  return repaired.ok ? judgeSigned(context.ports.clock.now(), context.signedTime()) : repaired;
};
