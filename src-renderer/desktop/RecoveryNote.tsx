import type { Recovery } from '../../src-shared/desktop.ts';
import { useCommonWords } from '../messages/words.ts';
import { useProblemWords } from '../problem/ProblemNote.tsx';
import { Banner, Link } from '../ui/index.ts';
import { paths } from './paths.ts';
import { useDesktop, useDesktopState } from './use-desktop.ts';
import { useWords } from './words.ts';

/** The local database was damaged: what is back, what is not, and where to go on. Stays until the person has read it. */
export const RecoveryNote = ({ recovery }: { readonly recovery: Recovery }) => {
  const t = useWords();
  const common = useCommonWords();
  const words = useProblemWords();
  const { call } = useDesktop();
  const connection = useDesktopState((state) => state.connection.state);
  const { path, rebuilt, refused, lost, proofs, requests } = recovery;
  const missing = refused.length + lost;
  const isWhole = missing === 0 && rebuilt + proofs + requests > 0;
  const next = connection === 'none' ? 'request' : 'pick';
  return (
    <Banner
      tone={isWhole ? 'info' : 'warn'}
      title={t(path === null ? 'recovery.titleRows' : 'recovery.title')}
      live="status"
      onClose={() => void call('recovery.dismiss', null)}
      closeLabel={common('actions.dismiss')}
      {...(!isWhole && { action: <Link variant="button" href={next === 'request' ? paths.exchange : paths.picker}>{t(`recovery.${next}`)}</Link> })}
    >
      {rebuilt > 0 ? <p>{t('recovery.rebuilt', { count: rebuilt })}</p> : missing === 0 && !isWhole && <p>{t('recovery.nothing')}</p>}
      {proofs > 0 && <p>{t('recovery.proofs', { count: proofs })}</p>}
      {requests > 0 && <p>{t('recovery.requests', { count: requests })}</p>}
      {missing > 0 && <p>{t('recovery.missing', { count: missing })}</p>}
      {missing > 0 && (
        <ul className="recovery-list">
          {refused.map(({ product, organization, code }) => <li key={`${organization} ${product} ${code}`}>{t('recovery.refused', { product, organization, why: words({ code, details: {} }).title })}</li>)}
          {lost > 0 && <li>{t('recovery.lost', { count: lost })}</li>}
        </ul>
      )}
      {!isWhole && <p>{t(`recovery.next.${next}`)}</p>}
    </Banner>
  );
};
