import { parseArgs } from 'node:util';
import { createWorld } from '../crash/world.ts';
import { faultAuthority, faultMachine } from './online.ts';
import type { Seen } from './online.ts';
import { canInject } from './strace.ts';
import { sweep } from './sweep.ts';

/** `npm run disk-faults -- [--every N] [--only NAME]`: every n-th call to the disk, of every command and of an authority that serves. */
const { values } = parseArgs({ options: { every: { type: 'string', default: '1' }, only: { type: 'string' } } });
const every = Number(values.every);
if (!canInject()) throw new Error('strace is missing (on Debian: apt-get install strace), or may not watch another process here');

const { outcomes, violations, seconds } = await sweep({ every, ...(values.only === undefined ? {} : { only: values.only }), tell: console.log });
const seen: Seen = { violations: [...violations], ended: [] };
if (values.only === undefined) {
  const world = await createWorld();
  try {
    await faultAuthority(world, seen, { every });
    await faultMachine(world, seen, { every });
  } finally {
    await world.close();
  }
}
for (const violation of seen.violations) console.error(violation);
console.log(`${outcomes.length + seen.ended.length} faults, ${seen.violations.length} violations; the commands took ${Math.round(seconds)} s`);
process.exitCode = seen.violations.length === 0 ? 0 : 1;
