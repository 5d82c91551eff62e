import { parseArgs } from 'node:util';
import { measureCheckout, measureVerify } from './checkout.ts';
import { measureClient } from './client.ts';
import { measureFirstLoad } from './first-load.ts';

/** The budgets of the design, measured: each against a figure of the same run where the machine's speed would decide. */
const { values } = parseArgs({ options: { leases: { type: 'string', default: '1000000' } } });

const rows = [...(await measureClient()), await measureVerify(), ...measureFirstLoad(), ...(await measureCheckout(Number(values.leases)))];
for (const { what, figure, budget, met } of rows) console.log(`${met ? 'met   ' : 'MISSED'}  ${what}: ${figure} (${budget})`);
process.exitCode = rows.every(({ met }) => met) ? 0 : 1;
