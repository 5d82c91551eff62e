import { first } from './001-first.ts';
import { people } from './002-people.ts';
import { security } from './003-security.ts';
import { holdings } from './004-holdings.ts';
import { cluster } from './005-cluster.ts';
import { clonesAndTime } from './006-clones-and-time.ts';
import { sessionBinding } from './007-session-binding.ts';
import { endedElsewhere } from './008-ended-elsewhere.ts';
import { loaded } from './009-loaded.ts';
import { authorityTime } from './010-authority-time.ts';
import { restored } from './011-restored.ts';
import { suspension } from './012-suspension.ts';
import { reminders } from './013-reminders.ts';
import { ownMachines } from './014-own-machines.ts';
import { mailCodes } from './015-mail-codes.ts';

/** In order; the number of those that have run is the database's `user_version`. */
export const migrations: readonly string[] = [
  first, people, security, holdings, cluster, clonesAndTime, sessionBinding, endedElsewhere, loaded, authorityTime, restored, suspension, reminders, ownMachines, mailCodes,
];
