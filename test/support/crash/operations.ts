import { contract } from '../../../src-shared/http/index.ts';
import { ok, unwrap } from '../../../src-shared/result.ts';
import type { Result } from '../../../src-shared/result.ts';
import { perform, visit } from './visit.ts';
import type { Act } from './visit.ts';
import { untilReached } from './world.ts';
import type { World, WorldMachine } from './world.ts';

const said = (result: Result<unknown>): string => (result.ok ? JSON.stringify(result.value) : result.code);

/** What one operation starts from and must come to. */
export type Operation = {
  readonly name: string;
  readonly by: 'network' | 'file';
  readonly prepare: (world: World, machine: WorldMachine) => Promise<Act>;
  /** What is known once it was told. */
  readonly note: (machine: WorldMachine, act: Act, result: Result<unknown>) => void;
  /** Answers of a repetition that are right although they are not a success. */
  readonly alsoRight?: readonly string[];
  /** Whether the answer must be the one told before. */
  readonly same?: boolean;
};

export const leaseIn = (result: Result<unknown>): string => (result.ok ? ((result.value as { lease?: string; id?: string }).lease ?? (result.value as { id: string }).id) : '');
const take = async (machine: WorldMachine, act: Act): Promise<string> => {
  const taken = await visit(machine.place, (licensing) => untilReached(() => perform(licensing, act)));
  const lease = leaseIn(ok(unwrap(taken)));
  machine.held.add(lease);
  return lease;
};
export const giveUpOf = (machine: WorldMachine, lease: string): void => void machine.held.delete(lease);
const holds = (machine: WorldMachine, _act: Act, result: Result<unknown>): void => {
  if (result.ok) machine.held.add(leaseIn(result));
};
const gives = (machine: WorldMachine, act: Act, result: Result<unknown>): void => {
  if (result.ok && 'lease' in act) machine.returned.add(act.lease);
};

export const LICENSE = 'lic_stage';
const answered = async (world: World, machine: WorldMachine): Promise<string> => {
  const request = unwrap(await visit(machine.place, (licensing) => licensing.createRequest({ license: LICENSE })));
  return unwrap(await untilReached(() => world.manager()(contract.exchange.answer, { body: { request: request.text, license: LICENSE, days: 30 } }))).licenseFile;
};
export const imported = async (world: World, machine: WorldMachine): Promise<string> => take(machine, { do: 'import', text: await answered(world, machine) });

export const operations: readonly Operation[] = [
  { name: 'checkout', by: 'network', prepare: async () => ({ do: 'checkout', license: LICENSE }), note: holds, same: true },
  { name: 'checkout-offline', by: 'network', prepare: async () => ({ do: 'checkout', license: LICENSE, days: 5 }), note: holds, same: true },
  { name: 'renew', by: 'network', prepare: async (_world, machine) => ({ do: 'renew', lease: await take(machine, { do: 'checkout', license: LICENSE }) }), note: () => undefined },
  { name: 'switch-offline', by: 'network', prepare: async (_world, machine) => ({ do: 'renew', lease: await take(machine, { do: 'checkout', license: LICENSE }), days: 5 }), note: () => undefined },
  {
    name: 'release', by: 'network',
    prepare: async (_world, machine) => {
      const lease = await take(machine, { do: 'checkout', license: LICENSE });
      giveUpOf(machine, lease);
      return { do: 'release', lease };
    },
    note: gives, alsoRight: ['LEASE_RELEASED'],
  },
  { name: 'import', by: 'file', prepare: async (world, machine) => ({ do: 'import', text: await answered(world, machine) }), note: holds },
  {
    name: 'import-renewal', by: 'file',
    prepare: async (world, machine) => {
      const lease = await imported(world, machine);
      const request = unwrap(await visit(machine.place, (licensing) => licensing.createRequest({ lease })));
      const { licenseFile } = unwrap(await untilReached(() => world.manager()(contract.exchange.answer, { body: { request: request.text, license: LICENSE, days: 20 } })));
      return { do: 'import', text: licenseFile };
    },
    note: holds,
  },
  {
    name: 'release-proof', by: 'file',
    prepare: async (world, machine) => {
      const lease = await imported(world, machine);
      giveUpOf(machine, lease);
      return { do: 'proof', lease };
    },
    note: gives, same: true,
  },
  {
    name: 'import-receipt', by: 'file',
    prepare: async (world, machine) => {
      const lease = await imported(world, machine);
      giveUpOf(machine, lease);
      const proof = unwrap(await visit(machine.place, (licensing) => licensing.releaseByProof(lease)));
      machine.returned.add(lease);
      return { do: 'import', text: unwrap(await untilReached(() => world.manager()(contract.exchange.accept, { body: { proof: proof.text } }))).receipt };
    },
    note: () => undefined,
  },
  { name: 'request', by: 'file', prepare: async () => ({ do: 'request', license: LICENSE }), note: () => undefined },
];

export const judge = (operation: Operation, told: Result<unknown> | null, again: Result<unknown>): string | null => {
  if (!again.ok && !(operation.alsoRight ?? []).includes(again.code)) return `${operation.name} again: ${again.code} ${JSON.stringify(again.details)}`;
  if (operation.same && told?.ok && again.ok && said(told) !== said(again)) return `${operation.name} was told ${said(told)}, and again ${said(again)}`;
  return null;
};
