import { Link } from '../ui/index.ts';
import { usePerson } from '../authority/index.ts';
import { useHoldingsWords } from './words.ts';

/** What can be done about a lease in offline mode that keeps an assignment. */
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
