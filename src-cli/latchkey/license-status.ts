import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { HeldLease } from '../../src-shared/desktop.ts';
import type { ErrorCode } from '../../src-shared/errors.ts';
import { DAY } from '../../src-shared/time.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { replaceFile } from '../../src-main/adapter/index.ts';
import type { Licensing } from '../../src-main/licensing/index.ts';
import { messageFor, showTime } from '../command.ts';
import { nameOf } from './words.ts';

/** What an application that `latchkey run` started can know of its license (docs/document-format.md). */
export type LicenseStatus = {
  readonly version: 1;
  readonly product: string;
  /** `not-renewed`: usable, and nothing renews it. */
  readonly state: 'licensed' | 'not-renewed' | 'not-licensed';
  /** When the license file ends; null with no lease. */
  readonly until: Seconds | null;
  /** When an online lease that is not renewed was last renewed. */
  readonly since: Seconds | null;
  /** Why it is not renewed, or not usable. */
  readonly reason: ErrorCode | null;
};

const statusOf = (product: string, lease: HeldLease | undefined): LicenseStatus => {
  const none = { version: 1, product, since: null, reason: null } as const;
  if (lease === undefined) return { ...none, state: 'not-licensed', until: null };
  const { until, standing, unrenewed, refusal } = lease;
  if (!standing.usable) return { ...none, state: 'not-licensed', until, reason: standing.code };
  if (unrenewed === null) return { ...none, state: 'licensed', until };
  return { ...none, state: 'not-renewed', until, since: unrenewed.since, reason: refusal?.code ?? 'AUTHORITY_UNREACHABLE' };
};

export type Following = {
  readonly now: () => LicenseStatus;
  readonly stop: () => void;
};

/**
 * Follows the license of a product while its application runs. `say`: a line for the person, at each step of a lease that is not
 * renewed, when it is renewed after all, and when it is gone. `changed`: the status is another one, or a step more urgent.
 */
export const followLicense = (
  licensing: Pick<Licensing, 'current' | 'subscribe'>,
  used: HeldLease,
  { say, changed }: { readonly say: (line: string) => void; readonly changed: (status: LicenseStatus) => void },
): Following => {
  const name = nameOf(used);
  const product = used.product.id;
  const lease = (): HeldLease | undefined => licensing.current(product)[0];
  let status = statusOf(product, lease() ?? used);
  let step = 0;
  const look = (): void => {
    const held = lease();
    const [before, next] = [status, statusOf(product, held)];
    const nextStep = held?.standing.usable ? (held.unrenewed?.step ?? 0) : 0;
    const isMoreUrgent = nextStep > step;
    if (JSON.stringify(before) === JSON.stringify(next) && !isMoreUrgent) return;
    [status, step] = [next, nextStep];
    changed(next);
    if (next.state === 'not-licensed' && before.state !== 'not-licensed') say(`${name} is no longer licensed on this machine${next.reason === null ? '' : ` (${next.reason})`}.`);
    else if (isMoreUrgent) say(unrenewedLine(name, next));
    else if (next.state === 'licensed' && before.state === 'not-renewed') say(`${name} is renewed until ${showTime(next.until ?? 0)}.`);
    else if (next.state === 'licensed' && before.state === 'not-licensed') say(`${name} is licensed again until ${showTime(next.until ?? 0)}.`);
  };
  return { now: () => status, stop: licensing.subscribe(({ leases }) => leases && look()) };
};

const unrenewedLine = (name: string, { since, until, reason }: LicenseStatus): string => {
  const why = reason === null || reason === 'AUTHORITY_UNREACHABLE'
    ? 'The license authority cannot be reached: check the network connection.'
    : `The license authority refused to renew it. ${messageFor(reason)}`;
  return `${name} has not been renewed since ${showTime(since ?? 0)} and stops at ${showTime(until ?? 0)}. ${why} Save your work before then.`;
};

/** The file of one run beside the license file. Several runs of a home have one each. */
export const statusFileFor = (home: string, product: string): { readonly path: string; readonly write: (status: LicenseStatus) => void; readonly remove: () => void } => {
  const folder = join(home, 'licenses');
  const path = join(folder, `${product}.run-${randomBytes(6).toString('hex')}.json`);
  removeLeftovers(folder, product);
  return {
    path,
    write: (status) => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      replaceFile(path, `${JSON.stringify(status)}\n`);
    },
    remove: () => {
      try {
        rmSync(path, { force: true });
      } catch {
        // Where it could not be written it is not there.
      }
    },
  };
};

/** Files of runs that were killed: what they speak of ended more than a day ago. A run that goes on has a newer end, or nothing more to say. */
const removeLeftovers = (folder: string, product: string): void => {
  try {
    for (const name of readdirSync(folder).filter((each) => each.startsWith(`${product}.run-`) && each.endsWith('.json'))) {
      const { until } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Partial<LicenseStatus>;
      if (typeof until === 'number' && until < Date.now() / 1000 - DAY) rmSync(join(folder, name), { force: true });
    }
  } catch {
    // Nothing depends on it.
  }
};
