import type { Details } from '../../src-shared/errors.ts';
import { usePerson } from '../authority/index.ts';
import { Link } from '../ui/index.ts';
import { offlineLeases } from './offline.ts';
import { useHoldingsWords } from './words.ts';

export type OfflineWayOutProps = {
  /** Null: the end of each stands beside this. */
  readonly until: number | null;
  /** An assignment is to be taken back, which can be done once the lease has ended. */
  readonly isUnassigning?: boolean;
};

/** What can be done about leases in offline mode. */
export const OfflineWayOut = ({ until, isUnassigning = false }: OfflineWayOutProps) => {
  const t = useHoldingsWords();
  const { entry } = usePerson();
  return (
    <div>
      <h3 className="holdings-label">{t('offline.what')}</h3>
      <ul className="holdings-list holdings-fine">
        <li>{t('offline.connected')}</li>
        <li>{t('offline.byFile')}{entry === 'portal' && <> <Link href="/offline-machines">{t('offline.toOffline')}</Link></>}</li>
        <li>{until === null ? t('offline.waitEach') : t(isUnassigning ? 'offline.waitUnassign' : 'offline.wait', { until })}</li>
      </ul>
    </div>
  );
};

/** Which leases stand in the way, on which machine and until when: the facts of a `LEASE_OFFLINE`. */
export const OfflineFacts = ({ details, productOf }: { readonly details: Details; readonly productOf: (license: string | null) => string }) => {
  const t = useHoldingsWords();
  const leases = offlineLeases(details);
  return (
    <>
      {leases.map(({ license, machine, until }, place) => (
        <p key={place}>{t(machine === null ? 'offline.until' : 'offline.untilOn', { product: productOf(license), machine, until })}</p>
      ))}
      <p>{t('offline.why')}</p>
    </>
  );
};
