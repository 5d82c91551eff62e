import { KeyRound } from 'lucide-react';
import { DesktopPage } from '../desktop/DesktopPage.tsx';
import { leasePath, paths } from '../desktop/paths.ts';
import type { Asked } from '../desktop/sent.ts';
import { useDesktopState } from '../desktop/use-desktop.ts';
import { useWords } from '../desktop/words.ts';
import { Badge, EmptyState, Link } from '../ui/index.ts';
import { LeaseView } from './LeaseView.tsx';
import { modeTone, useModeWords } from './ModeBadge.tsx';
import './lease.css';

export type LeasePageProps = {
  /** The lease to show; null or unknown: the first. */
  readonly lease: string | null;
  /** What the tray asked to be asked. */
  readonly question: Asked;
  readonly onQuestionTaken: () => void;
};

/** The licenses in use on this machine, one of them in full. */
export const LeasePage = ({ lease, question, onQuestionTaken }: LeasePageProps) => {
  const t = useWords();
  const said = useModeWords();
  const leases = useDesktopState((state) => state.leases);
  const hasAuthority = useDesktopState((state) => state.connection.state !== 'none');
  const shown = leases.find(({ id }) => id === lease) ?? leases[0];
  if (shown === undefined) {
    return (
      <DesktopPage title={t('lease.title')}>
        <EmptyState
          icon={<KeyRound />}
          title={t('lease.empty.title')}
          text={t(hasAuthority ? 'lease.empty.text' : 'lease.empty.textOffline')}
          action={hasAuthority
            ? <><Link href={paths.picker} variant="primary">{t('lease.empty.action')}</Link><Link href={paths.exchange} variant="button">{t('lease.empty.exchange')}</Link></>
            : <Link href={paths.exchange} variant="primary">{t('lease.empty.exchange')}</Link>}
        />
      </DesktopPage>
    );
  }
  return (
    <DesktopPage title={t(leases.length > 1 ? 'lease.several' : 'lease.title')}>
      {leases.length > 1 && (
        <nav aria-label={t('lease.choose')}>
          <ul className="lease-tabs">
            {leases.map(({ id, product, edition, mode, standing, unrenewed }) => (
              <li key={id}>
                <Link href={leasePath(id)} variant="quiet" className="lease-tab" {...(id === shown.id && { 'aria-current': 'page' as const })}>
                  <span><strong>{product.name}</strong> {edition}</span>
                  <Badge tone={!standing.usable ? 'danger' : modeTone({ mode, unrenewed })} hasDot>{said({ mode, unrenewed })}</Badge>
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      )}
      <LeaseView key={`${shown.id} ${question.serial}`} lease={shown} question={question.value?.lease === shown.id ? question.value.what : null} onQuestionTaken={onQuestionTaken} />
    </DesktopPage>
  );
};
