import './no-inspector.ts';
import { createProgram, runProgram } from './command.ts';
import { addAccountCommands } from './latchkey/account.ts';
import { addDoctor } from './latchkey/doctor.ts';
import { addExchangeCommands } from './latchkey/exchange.ts';
import { addLeaseCommands } from './latchkey/leases.ts';
import { version } from './latchkey/open.ts';
import { addRun } from './latchkey/run.ts';

/**
 * The client's command line: the same licensing and the same adapters as the app, one thing at a time.
 *
 * State is in `LATCHKEY_HOME` (two homes are two machines), the authority at `LATCHKEY_AUTHORITY` (empty: a machine without
 * a network; unset: that of the last sign-in), and `LATCHKEY_TRUST` names the keyset to trust.
 *
 * With `--json`: `login` the account, with `--send-code` `{expiresAt}`; `logout` `{signedIn:false}`; `organizations` `[{id,name,role,default}]`;
 * `default-organization` `{id,name}` or null; `licenses` an array of `Entitlement`; `checkout` a `HeldLease`; `renew` an array
 * of `HeldLease`; `status` `{machine,connection,account,leases,requests,givenUp,clock,store}`; `release` `{lease,delivered}`;
 * `request` `{file,request,expiresAt}` (`expiresAt` is null with `--time`); `import` `Imported`; `release-proof` `{file,lease}`; `inspect` `Inspection`;
 * `doctor` `{ok,rows}` with rows of `Diagnosis`. `run` adds nothing to its command's output.
 */
const program = createProgram('latchkey', 'Take, carry and give back licenses on this machine', version, {
  LATCHKEY_HOME: 'the folder of this machine\'s state; two homes are two machines',
  LATCHKEY_AUTHORITY: 'the address of the license authority; empty: a machine without a network; not set: that of the last sign-in',
  LATCHKEY_TRUST: 'the keyset file (.lkkeys) of the authority that is trusted',
});
addAccountCommands(program);
addLeaseCommands(program);
addExchangeCommands(program);
addRun(program);
addDoctor(program);
await runProgram(program);
