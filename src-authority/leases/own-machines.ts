import type { Genuine } from '../../src-shared/documents/index.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { prepared } from '../adapter/prepared.ts';
import type { Db, Row, Trx } from '../adapter/schema.ts';

/**
 * A machine as one organization knows it (docs/adr/0030-a-found-request.md): its name, contacts and fingerprints as of the documents of the organization's
 * own leases. A person who found a request file can answer it for their organization, and learns by that nothing but what it says.
 */

type Pair = { readonly organization: string; readonly machine: string };

const confirmedFor = prepared((db, p: Pair) =>
  db.selectFrom('organization_machine').where('organization', '=', p.organization).where('machine', '=', p.machine).select('confirmed_at'),
);
const first = prepared((db, p: Row<'organization_machine'>) =>
  db.insertInto('organization_machine').values({
    organization: p.organization, machine: p.machine, name: p.name, os: p.os, app: p.app, fingerprint: p.fingerprint, first_seen: p.first_seen, last_seen: p.last_seen, confirmed_at: p.confirmed_at,
  }),
);
type Now = Pair & Pick<Row<'organization_machine'>, 'name' | 'os' | 'app' | 'fingerprint' | 'last_seen' | 'confirmed_at'>;
const broughtUpToDate = (db: Db, p: Now) =>
  db
    .updateTable('organization_machine')
    .set((eb) => ({ name: p.name, os: p.os, app: p.app, fingerprint: p.fingerprint, last_seen: p.last_seen, confirmed_at: eb.fn.coalesce('confirmed_at', eb.val(p.confirmed_at)) }))
    .where('organization', '=', p.organization)
    .where('machine', '=', p.machine)
    .returning('machine');
/** Most come again as they were: for them it is one statement. */
const comeAgain = prepared((db, p: Now) => broughtUpToDate(db, p).where('fingerprint', '=', p.fingerprint));
const comeChanged = prepared((db, p: Now) => broughtUpToDate(db, p));
const heard = prepared((db, p: Pair & { now: Seconds }) =>
  db
    .updateTable('organization_machine')
    .set((eb) => ({ last_seen: p.now, confirmed_at: eb.fn.coalesce('confirmed_at', eb.val(p.now)) }))
    .where('organization', '=', p.organization)
    .where('machine', '=', p.machine),
);

/** By a request that is answered for the organization. `isConfirmed`: the machine itself asks for a license of it. */
export const knowMachineOf = async (
  trx: Trx,
  { organization, request: { claims }, isConfirmed, now }: { readonly organization: string; readonly request: Genuine<'request'>; readonly isConfirmed: boolean; readonly now: Seconds },
): Promise<void> => {
  const pair = { organization, machine: claims.iss };
  const { name, os, app } = claims.machine;
  const is = { ...pair, name, os, app, fingerprint: JSON.stringify(claims.fp), last_seen: now, confirmed_at: isConfirmed ? now : null };
  if ((await comeAgain(trx, is)).length > 0) return;
  if ((await comeChanged(trx, is)).length === 0) await first(trx, { ...is, first_seen: now });
  await trx.insertInto('organization_fingerprint').values({ ...pair, at: now, fingerprint: is.fingerprint }).execute();
};

/** By a heartbeat or a proof of the machine itself, of a lease of the organization. */
export const confirmMachineOf = async (trx: Trx, pair: Pair, now: Seconds): Promise<void> => void (await heard(trx, { ...pair, now }));

/** Whether the organization may decide about the machine, and is told that it exists twice. */
export const isConfirmedFor = async (db: Db, pair: Pair): Promise<boolean> => typeof (await confirmedFor(db, pair))[0]?.confirmed_at === 'number';
