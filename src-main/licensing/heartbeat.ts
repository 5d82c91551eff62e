import { signHeartbeat } from '../../src-shared/documents/index.ts';
import { contract } from '../../src-shared/http/index.ts';
import type { ValueOf } from '../../src-shared/http/index.ts';
import { ok } from '../../src-shared/result.ts';
import type { Failure, Result } from '../../src-shared/result.ts';
import { accept } from './accept.ts';
import type { Context } from './context.ts';
import { deliverProofs, giveUp } from './release.ts';
import { isReadable } from './standing.ts';
import type { Readable } from './standing.ts';

type Answer = ValueOf<typeof contract.leases.heartbeat>;

/** The signed statement that a lease is held, and by which file. Beside a renewal its `jti` is the request's: then the machine sends that itself. */
export const writeHeartbeat = ({ ports: { machine, clock } }: Context, { row, claims }: Readable, jti: string): Promise<string> =>
  signHeartbeat({ iss: machine.id, aud: claims.iss, sub: row.id, file: row.file, jti, iat: clock.now() }, machine.key);

/** Reports one lease: that it is held, and by which file. What the authority answers is followed at once. */
export const heartbeatOf = async (context: Context, lease: string): Promise<Result<null>> => {
  const { ports } = context;
  for (let turns = 0; turns < 3; turns += 1) {
    const held = context.heldLease(lease);
    if (!isReadable(held) || ports.authority.url === null) return ok(null);
    const heartbeat = await writeHeartbeat(context, held, ports.random.id('hbt'));
    const reply = await context.contact.asMachine(contract.leases.heartbeat, { body: { heartbeat } });
    if (!reply.ok) {
      ports.log('heartbeat.refused', { lease, code: reply.code });
      return reply;
    }
    ports.store.write((tx) => {
      tx.touchLease(lease, ports.clock.now());
      tx.see(ports.clock.now());
    });
    context.keepTerms(lease, { heartbeat: reply.value.heartbeat, validUntil: reply.value.validUntil });
    await context.reload();
    if (reply.value.state === 'released' || reply.value.state === 'revoked') {
      await follow(context, lease, reply.value);
      return ok(null);
    }
    if (reply.value.licenseFile === null) return ok(null);
    // The reply that carried the newest file was lost. Taking it now must be reported too.
    const accepted = await accept(context, reply.value.licenseFile);
    if (!accepted.ok) {
      ports.log('heartbeat.file-refused', { lease, code: accepted.code });
      return ok(null);
    }
  }
  return ok(null);
};

const follow = async (context: Context, lease: string, answer: Answer): Promise<void> => {
  const license = context.heldLease(lease)?.claims?.license ?? null;
  if ((await giveUp(context, lease, 'released-elsewhere')) === null) return;
  context.notify({
    kind: answer.retired === true ? 'retired' : answer.state === 'revoked' ? 'revoked' : 'released-elsewhere',
    lease,
    productName: license?.product.name ?? null,
    details: { ...(license !== null && { license: license.id }), ...(answer.endedBy !== null && { endedBy: answer.endedBy }) },
  });
  await deliverProofs(context);
};

/** Reports every lease in use. The first refusal is returned, after all were tried; without an answer the rest are left for later. */
export const heartbeat = (context: Context): Promise<Result<null>> => context.inTurn(async () => {
  await context.sync();
  let problem: Failure | null = null;
  for (const lease of context.current().filter(({ standing }) => standing.usable)) {
    const beat = await heartbeatOf(context, lease.id);
    if (!beat.ok) problem ??= beat;
    if (!beat.ok && beat.code === 'AUTHORITY_UNREACHABLE') break;
  }
  context.see();
  context.publish();
  return problem ?? ok(null);
});
