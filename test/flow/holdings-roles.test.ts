import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseKind } from '../../src-shared/documents/index.ts';
import { contract } from '../../src-shared/http/index.ts';
import type { CallAuthority } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { createTestMachine } from '../support/machine.ts';
import type { TestMachine } from '../support/machine.ts';

/** Every role, a stranger and nobody against every operation on an organization's holdings, over HTTP. */

const { holdings } = contract;
const roles = ['owner', 'manager', 'editor', 'reader', 'stranger', 'nobody'] as const;
type Who = (typeof roles)[number];

let a: TestAuthority;
let organization: string;
let harbor: string;
let target: string;
let machine: string;
let harborMachine: string;
let harborTask: string;
const callers = {} as Record<Who, CallAuthority>;

beforeAll(async () => {
  a = await startAuthority();
  for (const who of roles) {
    callers[who] = a.call(who === 'nobody' ? null : await a.signIn(who === 'stranger' ? 'boss@harbor.example' : `${who}@northlight.example`));
  }
  organization = await a.organization(await a.signIn('owner@northlight.example'), 'Northlight');
  harbor = await a.organization(await a.signIn('boss@harbor.example'), 'Harbor');
  const second = a.call(await a.signIn('second@northlight.example'));
  target = unwrap(await second(contract.accounts.me, {})).user.id;
  machine = (await lease()).machine;
  const there = await createTestMachine({ authority: a.id, clock: a.clock, name: 'H-1' });
  const theirs = unwrap(await callers.stranger(contract.leases.checkout, { body: { request: await there.request({ license: 'lic_harbor', mode: 'online' }) } })).lease;
  harborMachine = there.id;
  // Edda is an editor in both organizations.
  harborTask = unwrap(await callers.editor(holdings.ask, { params: { organization: harbor }, body: { kind: 'release', lease: theirs.id } })).id;
});
afterAll(() => a.close());

let machines = 0;
/** What Sven Second holds, so that its machine can prove that it has given it up. */
let held: { readonly on: TestMachine; readonly lease: string; readonly file: string } | null = null;
/** A new online lease of Sven Second, who may hold one of each license; the one before is given back by its machine. */
const lease = async (): Promise<{ readonly lease: string; readonly machine: string; readonly on: TestMachine }> => {
  const second = a.call(await a.signIn('second@northlight.example'));
  if (held) await a.call()(contract.leases.giveBack, { body: { proof: await held.on.proof(held.lease, held.file) } });
  machines += 1;
  const on = await createTestMachine({ authority: a.id, clock: a.clock, name: `WS-${machines}` });
  const issued = unwrap(await second(contract.leases.checkout, { body: { request: await on.request({ license: 'lic_assigned', mode: 'online' }) } }));
  held = { on, lease: issued.lease.id, file: unwrap(parseKind('license', issued.licenseFile)).claims.jti };
  return { lease: issued.lease.id, machine: on.id, on };
};
/** A machine that waits for a decision. */
const copied = async (): Promise<string> => {
  const { on } = await lease();
  const second = a.call(await a.signIn('second@northlight.example'));
  await second(contract.leases.checkout, { body: { request: await on.request({ license: 'lic_assigned', mode: 'online' }, { seq: 1 }) } });
  return on.id;
};
/** A task of Rita Reader's, open. */
const task = async (): Promise<string> => {
  const { tasks } = unwrap(await callers.owner(holdings.tasks, { params: { organization }, query: {} }));
  for (const each of tasks) unwrap(await callers.owner(holdings.answer, { params: { organization, task: each.id }, body: { grant: false } }));
  const reader = unwrap(await callers.reader(contract.accounts.me, {})).user.id;
  unwrap(await callers.owner(holdings.unassign, { params: { organization }, body: { person: reader, licenses: ['lic_assigned'] } }));
  a.clock.advance(3600);
  return unwrap(await callers.reader(holdings.ask, { params: { organization }, body: { kind: 'assignment', license: 'lic_assigned' } })).id;
};

type Row = { readonly do: (call: CallAuthority, who: Who) => Promise<Result<unknown>>; readonly expect: { readonly [W in Who]: string } };
const all = (member: string) => ({ owner: member, manager: member, editor: member, reader: member, stranger: 'NOT_FOUND', nobody: 'NOT_SIGNED_IN' }) as const;
const managers = { ...all('ok'), editor: 'FORBIDDEN', reader: 'FORBIDDEN' } as const;

const rows: { readonly [operation in keyof typeof holdings]: Row } = {
  list: { do: (call) => call(holdings.list, { params: { organization }, query: {} }), expect: all('ok') },
  read: { do: (call) => call(holdings.read, { params: { organization, license: 'lic_stage' } }), expect: all('ok') },
  assignments: { do: (call) => call(holdings.assignments, { params: { organization, person: target } }), expect: all('ok') },
  assign: { do: (call) => call(holdings.assign, { params: { organization }, body: { person: target, licenses: ['lic_stage'] } }), expect: managers },
  unassign: { do: (call) => call(holdings.unassign, { params: { organization }, body: { person: target, licenses: ['lic_stage'] } }), expect: managers },
  tasks: { do: (call) => call(holdings.tasks, { params: { organization }, query: {} }), expect: all('ok') },
  ask: { do: async (call) => call(holdings.ask, { params: { organization }, body: { kind: 'release', lease: (await lease()).lease } }), expect: all('ok') },
  answer: {
    do: async (call) => call(holdings.answer, { params: { organization, task: await task() }, body: { grant: true } }),
    // An editor does not see what others ask; the reader sees their own and cannot grant it.
    expect: { ...managers, editor: 'NOT_FOUND' },
  },
  machines: { do: (call) => call(holdings.machines, { params: { organization }, query: {} }), expect: all('ok') },
  machine: { do: (call) => call(holdings.machine, { params: { organization, machine } }), expect: all('ok') },
  reissues: { do: (call) => call(holdings.reissues, { params: { organization }, query: {} }), expect: all('ok') },
  release: { do: async (call) => call(holdings.release, { params: { organization }, body: { leases: [(await lease()).lease] } }), expect: managers },
  resolve: { do: async (call) => call(holdings.resolve, { params: { organization, machine: await copied() }, body: { decision: 'retire', reason: 'a copy' } }), expect: managers },
  usage: { do: (call) => call(holdings.usage, { params: { organization }, query: {} }), expect: all('ok') },
};

const outcome = (result: Result<unknown>): string => (result.ok ? 'ok' : result.code);

describe('who may do what with an organization’s holdings', () => {
  for (const [operation, row] of Object.entries(rows)) {
    test.each(roles)(`${operation}: %s`, async (who) => {
      expect(outcome(await row.do(callers[who], who))).toBe(row.expect[who]);
    });
  }
});

test('what is refused changes nothing', async () => {
  const before = (await a.authority().verifyAudit()).rows;
  for (const who of ['editor', 'reader', 'stranger', 'nobody'] as const) {
    for (const row of [rows.assign, rows.unassign]) await row.do(callers[who], who);
  }
  expect((await a.authority().verifyAudit()).rows).toBe(before);
});

describe('the ids of another organization reach nothing through one’s own', () => {
  const foreign: { readonly [what: string]: [(call: CallAuthority) => Promise<Result<unknown>>, string] } = {
    'a license': [(call) => call(holdings.read, { params: { organization, license: 'lic_harbor' } }), 'LICENSE_NOT_FOUND'],
    'a license to assign': [(call) => call(holdings.assign, { params: { organization }, body: { person: target, licenses: ['lic_harbor'] } }), 'LICENSE_NOT_FOUND'],
    'a license to take back': [(call) => call(holdings.unassign, { params: { organization }, body: { person: target, licenses: ['lic_harbor'] } }), 'LICENSE_NOT_FOUND'],
    'a license to ask for': [(call) => call(holdings.ask, { params: { organization }, body: { kind: 'assignment', license: 'lic_harbor' } }), 'LICENSE_NOT_FOUND'],
    'a task': [(call) => call(holdings.answer, { params: { organization, task: harborTask }, body: { grant: true } }), 'NOT_FOUND'],
    'a machine': [(call) => call(holdings.machine, { params: { organization, machine: harborMachine } }), 'NOT_FOUND'],
    'a person': [(call) => call(holdings.assignments, { params: { organization, person: 'usr_nobody' } }), 'NOT_FOUND'],
  };
  test.each(Object.keys(foreign))('%s', async (what) => {
    const [run, code] = foreign[what] ?? [];
    expect(run && outcome(await run(callers.owner))).toBe(code);
  });
});
