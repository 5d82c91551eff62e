import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Rule } from './history.ts';

/**
 * The authority with one of its rules taken out: its own source, changed in a line or two while it is loaded into a process
 * of a test. What is on disk stays as it is. A checker that lets any of these pass checks nothing.
 */
type Edit = { readonly file: string; readonly from: string; readonly to: string };
/** `rules`: those that it may be caught by, whichever it breaks first. */
export type Variant = { readonly name: string; readonly breaks: string; readonly rules: readonly Rule[]; readonly edits: readonly Edit[] };

export const variants: readonly Variant[] = [
  {
    name: 'count-then-insert',
    breaks: 'counts the free seats before its transaction and takes one afterwards, with no uniqueness behind it',
    rules: ['seats', 'numbers'],
    edits: [
      {
        file: 'src-authority/leases/take.ts',
        from: 'const request = read.value;',
        to: `const request = read.value;
    const counted = await database.db.selectFrom('seat').where('busy_until', '<=', ground.clock.now()).select(['license']).execute();
    (globalThis as any).counted ??= new Map();
    (globalThis as any).counted.set(request.claims.iss, counted.map((row) => row.license));`,
      },
      {
        file: 'src-authority/leases/seats.ts',
        from: 'export const claimSeat = async (trx: Trx, wish: Claim): Promise<number | null> => (await claim(trx, wish))[0]?.id ?? null;',
        to: `export const claimSeat = async (trx: Trx, wish: Claim): Promise<number | null> => {
  const got = (await claim(trx, wish))[0]?.id;
  if (got !== undefined || !(globalThis as any).counted.get(wish.machine)?.includes(wish.license)) return got ?? null;
  const row = await trx.insertInto('seat').values({ license: wish.license, machine: wish.machine, lease: wish.lease, busy_until: wish.until } as never).returning('id').executeTakeFirstOrThrow();
  return row.id as number;
};`,
      },
    ],
  },
  {
    name: 'release-offline-by-person',
    breaks: 'lets a person end an offline lease and free its seat, though its file goes on',
    rules: ['seats', 'numbers', 'lowered'],
    edits: [
      { file: 'src-authority/leases/give-back.ts', from: "if (isOffline(lease)) return fail('LEASE_OFFLINE', { lease: id, until: lease.busy_until });", to: '' },
      { file: 'src-authority/leases/free-early.ts', from: "if (isOffline(lease)) return fail('LEASE_OFFLINE', { lease: lease.id, until: lease.busy_until });", to: '' },
    ],
  },
  {
    name: 'retry-issues-anew',
    breaks: 'answers a request that comes again with another file',
    rules: ['same-answer', 'sequence'],
    edits: [
      { file: 'src-authority/leases/take.ts', from: "if (seen.kind === 'answered') {", to: "if (seen.kind === 'answered' && false) {" },
      { file: 'src-authority/leases/issue.ts', from: 'request_seq: p.request_seq, issued_at: p.issued_at, exp: p.exp, text: p.text,\n  }),', to: 'request_seq: p.request_seq, issued_at: p.issued_at, exp: p.exp, text: p.text,\n  }),\n' },
      { file: 'src-authority/leases/issue.ts', from: 'digest: p.digest, lease: p.lease, received_at: p.received_at,\n  }),', to: 'digest: p.digest, lease: p.lease, received_at: p.received_at,\n  }).onConflict((on) => on.doNothing()),' },
    ],
  },
  {
    name: 'heartbeat-ends-newer',
    breaks: 'takes a report of an earlier file as a sign that the later ones are gone',
    rules: ['seats', 'numbers', 'lowered'],
    edits: [{ file: 'src-authority/leases/heartbeat.ts', from: 'file.seq >= held.seq', to: 'file.seq === held.seq' }],
  },
  {
    name: 'stale-proof',
    breaks: 'lets a proof that was written before a request end the file that answers it',
    rules: ['seats', 'numbers', 'lowered'],
    edits: [{ file: 'src-authority/leases/give-back.ts', from: "if (claims.seq <= lastAsked.request_seq) return fail('FILE_STALE'", to: "if (claims.seq < 0) return fail('FILE_STALE'" }],
  },
  {
    name: 'renewal-shortens',
    breaks: 'counts a seat as busy only until the newest file ends, while an earlier, longer one is still in the machine',
    rules: ['seats', 'numbers', 'lowered'],
    edits: [
      { file: 'src-authority/leases/issue.ts', from: 'const busyUntil = Math.max(renews?.busy_until ?? 0, until);', to: 'const busyUntil = until;' },
      { file: 'src-authority/leases/seats.ts', from: 'busy_until = max(busy_until, ${p.until})', to: 'busy_until = ${p.until}' },
    ],
  },
  {
    name: 'replaced-lease-forgotten',
    breaks: 'frees a seat with the newest of its leases, though an earlier one of the same machine still runs',
    rules: ['seats', 'numbers', 'lowered'],
    edits: [
      { file: 'src-authority/leases/issue.ts', from: 'seat: over ? null : seat,', to: 'seat: null,' },
    ],
  },
  {
    name: 'release-without-audit',
    breaks: 'ends a lease for a person and leaves it out of the audit',
    rules: ['audit'],
    edits: [{ file: 'src-authority/leases/give-back.ts', from: "action: 'lease.released-by-person', subject: id,", to: "action: 'lease.released', subject: id," }],
  },
  {
    name: 'ended-is-free',
    breaks: 'frees a seat when a person ends its lease, and waits for no confirmation of its machine',
    rules: ['seats', 'numbers'],
    edits: [
      {
        file: 'src-authority/leases/give-back.ts', from: "  await endByPerson(trx, { id, now, name: person.name });\n",
        to: "  await endByPerson(trx, { id, now, name: person.name });\n  await trx.updateTable('lease').set({ seat: null }).where('id', '=', id).execute();\n  if (lease.seat !== null) await settleSeat(trx, lease.seat, now);\n",
      },
    ],
  },
  {
    name: 'free-too-late',
    breaks: 'keeps a seat busy after its return was proven',
    rules: ['numbers'],
    edits: [{ file: 'src-authority/leases/give-back.ts', from: '      if (lease.seat !== null) {\n        await settleSeat(trx, lease.seat, now);\n        await trx.updateTable', to: '      if (lease.seat !== null) {\n        await trx.updateTable' }],
  },
  {
    name: 'other-process-forgotten',
    breaks: 'drops the lease that another process of its home took a moment ago, without a proof',
    rules: ['dropped'],
    edits: [
      { file: 'src-main/licensing/accept.ts', from: '      if (!replaced.every(asRead)) {\n        await context.reload();\n        read = context.held();\n      }\n', to: '' },
      { file: 'src-main/licensing/accept.ts', from: "      if (!replaced.every(asRead)) return 'again';\n", to: '' },
      { file: 'src-main/adapter/home.ts', from: 'const lock = await lockWithin(path, TURN_MS, signal)', to: "const lock = await Promise.reject(new Error('no lock'))" },
    ],
  },
];

const project = resolve(import.meta.dirname, '../../..');

/** The source of a file with the variant's edits; each must fit exactly once, or the variant is not what it says. */
export const edited = ({ name, edits }: Variant, file: string, source: string): string =>
  edits.filter((edit) => edit.file === file).reduce((text, { from, to }) => {
    const parts = text.split(from);
    if (parts.length !== 2) throw new Error(`the variant ${name} does not fit ${file} any more: ${from}`);
    return parts.join(to);
  }, source);

/** Whether every edit still fits the source as it stands. */
export const fits = (variant: Variant): void => {
  for (const file of new Set(variant.edits.map((edit) => edit.file))) edited(variant, file, readFileSync(join(project, file), 'utf8'));
};

/** From here on, this process loads the variant instead. Must come before anything of the authority is imported. */
export const install = (variant: Variant): void => {
  const files = new Set(variant.edits.map(({ file }) => file));
  registerHooks({
    load: (url, context, next) => {
      const loaded = next(url, context);
      if (!url.startsWith('file:')) return loaded;
      const file = fileURLToPath(url).slice(project.length + 1).replaceAll('\\', '/');
      if (!files.has(file)) return loaded;
      return { ...loaded, source: edited(variant, file, readFileSync(join(project, file), 'utf8')) };
    },
  });
};
