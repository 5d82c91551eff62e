import { parseKind } from '../../src-shared/documents/index.ts';
import type { Parsed } from '../../src-shared/documents/index.ts';
import type { ErrorCode } from '../../src-shared/errors.ts';
import type { Recovery } from '../../src-shared/desktop.ts';
import { ok } from '../../src-shared/result.ts';
import type { Failure, Result } from '../../src-shared/result.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { acceptLicenseFile } from './accept.ts';
import { readRecovery } from './context.ts';
import type { Context } from './context.ts';
import { readBackOwn, spoiltOwn } from './recover-own.ts';
import { isDamaged } from './standing.ts';
import type { Kept } from './store.ts';

const passing: readonly ErrorCode[] = ['CLOCK_ROLLED_BACK', 'FINGERPRINT_MISMATCH', 'TRUST_MISSING', 'FILE_WRONG_AUTHORITY', 'STORE_UNUSABLE'];

/**
 * Refusals that may pass: what is kept is tried again, and until then nothing is thrown away. That a file has ended is
 * certain when a signed time says so; until then it may be the clock that is ahead.
 */
const mayPass = ({ code, details }: Failure, exp: Seconds, signed: Seconds): boolean =>
  passing.includes(code) || (code === 'FILE_NOT_GENUINE' && details['needed'] !== undefined) || (code === 'FILE_EXPIRED' && exp > signed);

/**
 * After damage: what this machine wrote itself is read back, then every license file kept beside the database goes through the
 * door again, oldest first, and becomes a lease again or is refused. Tells the person what came of it. Does nothing where
 * nothing was damaged, and nothing for a store that was restored: that one is suspended as a whole.
 */
export const recover = async (context: Context): Promise<void> => {
  const { store } = context.ports;
  if (store.facts().rolledBack) return;
  const kept = keptLicenseFiles(store.kept());
  const due = store.setting('recover');
  const spoilt = await spoiltOwn(context);
  if (due !== null || context.held().some(isDamaged) || spoilt.proofs.size + spoilt.requests.size > 0 || kept.some((each) => isNewer(context, each))) {
    const own = await readBackOwn(context, new Set(kept.map(({ document }) => document.claims.req)), spoilt);
    const { rebuilt, refused, waiting } = await readBack(context, kept);
    const before = readRecovery(context.ports);
    // `recover` is written with a new database, so the first time nothing has been told of it yet.
    const isFirst = due !== null && before === null;
    const isNews = due !== '' || rebuilt + refused.length + own.proofs + own.requests > 0 || store.machine().seq > 0;
    if ((isFirst && isNews) || rebuilt + own.proofs + own.requests > 0) {
      const earlier = due === null || before === null ? { rebuilt: 0, proofs: 0, requests: 0 } : before;
      const lost = context.held().filter(isDamaged).length;
      tell(context, {
        at: context.ports.clock.now(), path: due || null, rebuilt: rebuilt + earlier.rebuilt, refused, lost,
        proofs: own.proofs + earlier.proofs, requests: own.requests + earlier.requests, seen: false,
      });
    }
    if (due !== null && !waiting) store.write((tx) => tx.setSetting('recover', null));
  }
  if (!context.held().some(isDamaged)) store.keep();
  context.publish();
};

type KeptLicense = { readonly document: Parsed<'license'>; readonly carrier: 'network' | 'file' };

/** What is kept is written after the database: where it is ahead, the row was put back by hand to an earlier file of its lease. */
const isNewer = (context: Context, { document: { claims } }: KeptLicense): boolean =>
  isSound(context, claims.sub) && claims.seq > (context.heldLease(claims.sub)?.row.seq ?? 0);

const isSound = (context: Context, lease: string): boolean => {
  const held = context.heldLease(lease);
  return held !== null && !isDamaged(held);
};

const readBack = async (context: Context, kept: readonly KeptLicense[]): Promise<Pick<Recovery, 'refused'> & { readonly rebuilt: number; readonly waiting: boolean }> => {
  const refused: { readonly lease: string; readonly waiting: boolean; readonly told: Recovery['refused'][number] }[] = [];
  const rebuilt = new Set<string>();
  for (const each of kept) {
    const { document, carrier } = each;
    const { sub, license } = document.claims;
    const sound = isSound(context, sub);
    if (sound && !isNewer(context, each)) continue;
    const accepted = await acceptLicenseFile(context, document, sound ? null : { carrier });
    if (accepted.ok) {
      if (accepted.value.kind === 'license' && !accepted.value.again) rebuilt.add(sub);
    } else if (accepted.code !== 'LEASE_RELEASED') {
      // A lease that was given up is no loss.
      refused.push({
        lease: sub, waiting: mayPass(accepted, document.claims.exp, context.ports.store.machine().signed),
        told: { product: license.product.name, organization: license.organization.name, code: accepted.code },
      });
    }
  }
  // Nor is an earlier file of one that is back; of one that is not, what is said of its newest file counts.
  const lost = refused.filter(({ lease }) => !isSound(context, lease));
  const told = new Map(lost.map((each) => [each.lease, each.told]));
  const byName = [...told.values()].sort((one, other) => one.product.localeCompare(other.product) || one.organization.localeCompare(other.organization));
  return { rebuilt: rebuilt.size, refused: byName, waiting: lost.some(({ waiting }) => waiting) };
};

const keptLicenseFiles = (kept: Kept): readonly KeptLicense[] =>
  kept.licenseFiles
    .flatMap(({ text, carrier }) => {
      const parsed = parseKind('license', text);
      return parsed.ok ? [{ document: parsed.value, carrier }] : [];
    })
    .sort((one, other) => one.document.claims.iat - other.document.claims.iat || one.document.claims.seq - other.document.claims.seq);

const tell = (context: Context, recovery: Recovery): void => {
  context.ports.store.write((tx) => tx.setSetting('recovered', JSON.stringify(recovery)));
  context.ports.log('store.recovered', { path: recovery.path, rebuilt: recovery.rebuilt, refused: recovery.refused.length, lost: recovery.lost });
  context.notify({
    kind: 'store-recovered', lease: null, productName: null,
    details: { path: recovery.path, rebuilt: recovery.rebuilt, refused: recovery.refused.length + recovery.lost },
  });
};

/** The person has read it. */
export const dismissRecovery = (context: Context): Result<null> => {
  const recovery = readRecovery(context.ports);
  if (recovery && !recovery.seen) context.ports.store.write((tx) => tx.setSetting('recovered', JSON.stringify({ ...recovery, seen: true })));
  context.publish();
  return ok(null);
};
