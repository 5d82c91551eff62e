import { createHoldings } from '../holdings/holdings.ts';
import type { Ground } from '../ground.ts';
import type { Result } from '../../src-shared/result.ts';
import type { Handlers } from './implement.ts';

/** The contract's replies are mutable in type; ours never change, and are only written out. */
type Mutable<T> = T extends object ? { -readonly [P in keyof T]: P extends 'details' ? T[P] : Mutable<T[P]> } : T;
const out = <T>(result: Result<T>): Result<Mutable<T>> => result as Result<Mutable<T>>;

export const createHoldingsHandlers = (ground: Ground): Handlers['holdings'] => {
  const holdings = createHoldings(ground);
  return {
    list: ({ session: { person }, params: { organization }, query }) => holdings.list({ organization, person }, query),
    read: async ({ session: { person }, params: { organization, license } }) => out(await holdings.read({ organization, person }, license)),
    assignments: ({ session: { person }, params: { organization, person: of } }) => holdings.assignments({ organization, person }, of),
    assign: ({ session: { person }, params: { organization }, body }) => holdings.assign({ organization, person }, body),
    unassign: async ({ session: { person }, params: { organization }, body }) => out(await holdings.unassign({ organization, person }, body)),
    tasks: ({ session: { person }, params: { organization }, query }) => holdings.tasks({ organization, person }, query),
    ask: ({ session: { person }, params: { organization }, body }) => holdings.ask({ organization, person }, body),
    answer: ({ session: { person }, params: { organization, task }, body }) => holdings.answer({ organization, person }, { task, grant: body.grant }),
    machines: ({ session: { person }, params: { organization }, query }) => holdings.machines({ organization, person }, query),
    machine: ({ session: { person }, params: { organization, machine } }) => holdings.machine({ organization, person }, machine),
    resolve: async ({ session: { person }, params: { organization, machine }, body }) => out(await holdings.resolve({ kind: 'person', person, organization }, { machine, ...body })),
    reissues: ({ session: { person }, params: { organization }, query }) => holdings.reissues({ organization, person }, query),
    release: async ({ session: { person }, params: { organization }, body }) => out(await holdings.release({ organization, person }, body.leases)),
    usage: ({ session: { person }, params: { organization }, query }) => holdings.usage({ organization, person }, query.days),
  };
};
