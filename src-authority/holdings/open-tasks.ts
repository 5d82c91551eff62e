import type { Seconds } from '../../src-shared/time.ts';
import type { Db } from '../adapter/schema.ts';

/**
 * The tasks of an organization that somebody has still to answer: whoever asked is still a member, and the lease that was to
 * be released is still held. A lease that ends in any way does by itself what was asked.
 */
export const openTasks = (db: Db, organization: string, now: Seconds) =>
  db
    .selectFrom('task')
    .leftJoin('lease as asked_lease', 'asked_lease.id', 'task.lease')
    .innerJoin('member as asking', (on) => on.onRef('asking.organization', '=', 'task.organization').onRef('asking.user', '=', 'task.asked_by'))
    .where('task.organization', '=', organization)
    .where('task.state', '=', 'open')
    .where((eb) => eb.or([eb('task.kind', '=', 'assignment'), eb.and([eb('asked_lease.state', '=', 'active'), eb('asked_lease.busy_until', '>', now)])]));
