import { parseKind } from '../../src-shared/documents/index.ts';
import type { Parsed } from '../../src-shared/documents/index.ts';
import type { ErrorCode } from '../../src-shared/errors.ts';
import type { Recovery } from '../../src-shared/desktop.ts';
import { ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { acceptLicenseFile } from './accept.ts';
import { readRecovery } from './context.ts';
import type { Context } from './context.ts';
import { isDamaged } from './standing.ts';
import type { Kept } from './store.ts';

/** Refusals that may pass: what is kept is tried again at the next start, and until then nothing is thrown away. */
const passing: readonly ErrorCode[] = ['CLOCK_ROLLED_BACK', 'FINGERPRINT_MISMATCH', 'TRUST_MISSING', 'FILE_WRONG_AUTHORITY', 'STORE_UNUSABLE'];

/**
 * After damage: every license file kept beside the database goes through the door again, oldest first, and becomes a lease
 * again or is refused. Tells the person what came of it. Does nothing where nothing was damaged, and nothing for a store that
 * was restored: that one is suspended as a whole.
 */
export const recover = async (context: Context): Promise<void> => {
  const { store } = context.ports;
  if (store.facts().rolledBack) return;
  const kept = keptLicenseFiles(store.kept());
  const due = store.setting('recover');
  if (due !== null || context.held().some(isDamaged) || kept.some((each) => isNewer(context, each))) {
    const { rebuilt, refused } = await readBack(context, kept);
    const before = readRecovery(context.ports);
    // `recover` is written with a new database, so the first time nothing has been told of it yet.
    const isFirst = due !== null && before === null;
    const isNews = due !== '' || rebuilt + refused.length > 0 || store.machine().seq > 0;
    if ((isFirst && isNews) || rebuilt > 0) {
      const earlier = due === null || before === null ? 0 : before.rebuilt;
      const lost = context.held().filter(isDamaged).length;
      tell(context, { at: context.ports.clock.now(), path: due || null, rebuilt: rebuilt + earlier, refused, lost, seen: false });
    }
    if (due !== null && !refused.some(({ code }) => passing.includes(code))) store.write((tx) => tx.setSetting('recover', null));
  }
  if (!context.held().some(isDamaged)) store.keep();
  context.publish();
};

type KeptLicense = { readonly document: Parsed<'license'>; readonly carrier: 'network' | 'file' };

/** What is kept is written after the database: where it is ahead, the row was put back by hand to an earlier file of its lease. */
const isNewer = (context: Context, { document: { claims } }: KeptLicense): boolean => {
  const held = context.heldLease(claims.sub);
  return held !== null && !isDamaged(held) && claims.seq > held.row.seq;
};

const readBack = async (context: Context, kept: readonly KeptLicense[]): Promise<Pick<Recovery, 'rebuilt' | 'refused'>> => {
  const refused: Recovery['refused'][number][] = [];
  let rebuilt = 0;
  for (const each of kept) {
    const { document, carrier } = each;
    const { sub, license } = document.claims;
    const held = context.heldLease(sub);
    const isSound = held !== null && !isDamaged(held);
    if (isSound && !isNewer(context, each)) continue;
    const accepted = await acceptLicenseFile(context, document, isSound ? null : { carrier });
    if (accepted.ok) rebuilt += accepted.value.kind === 'license' && !accepted.value.again ? 1 : 0;
    // A lease that was given up is no loss.
    else if (accepted.code !== 'LEASE_RELEASED') refused.push({ product: license.product.name, organization: license.organization.name, code: accepted.code });
  }
  return { rebuilt, refused };
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
