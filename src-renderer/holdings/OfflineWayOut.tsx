import type { Details } from '../../src-shared/errors.ts';
import { usePerson } from '../authority/index.ts';
import { Link } from '../ui/index.ts';
import { offlineLeases } from './offline.ts';
import { useHoldingsWords } from './words.ts';

/** What can be done about a lease in offline mode. */
export const OfflineWayOut = ({ until }: { readonly until: number }) => {
  const t = useHoldingsWords();
  const { entry } = usePerson();
  return (
    <div>
      <h3 className="holdings-label">{t('offline.what')}</h3>
      <ul className="holdings-list holdings-fine">
        <li>{t('offline.connected')}</li>
        <li>{t('offline.byFile')}{entry === 'portal' && <> <Link href="/offline-machines">{t('offline.toOffline')}</Link></>}</li>
        <li>{t('offline.wait', { until })}</li>
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
