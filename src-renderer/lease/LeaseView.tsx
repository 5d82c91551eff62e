import { FileDown, FileUp, RefreshCw, Repeat, Undo2, Wifi, WifiOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { HeldLease } from '../../src-shared/desktop.ts';
import { changePath, renewPath } from '../desktop/paths.ts';
import type { Question } from '../desktop/sent.ts';
import { StorageFacts } from '../desktop/StorageFacts.tsx';
import { useAction, useDesktop, useDesktopState } from '../desktop/use-desktop.ts';
import { useNow } from '../window/use-now.ts';
import { useWords } from '../desktop/words.ts';
import { useCommonWords, useLanguage } from '../messages/words.ts';
import { ProblemNote } from '../problem/ProblemNote.tsx';
import { Badge, Banner, Button, Link, ProgressBar, RelativeTime, Time, notify } from '../ui/index.ts';
import { LeaseFacts } from './LeaseFacts.tsx';
import { LeaseStanding } from './LeaseStanding.tsx';
import { ModeBadge } from './ModeBadge.tsx';
import { ReleaseDialog } from './ReleaseDialog.tsx';
import { ReleaseProofDialog } from './ReleaseProofDialog.tsx';
import { SwitchOfflineDialog } from './SwitchOfflineDialog.tsx';
import { SwitchOnlineDialog } from './SwitchOnlineDialog.tsx';

export type LeaseViewProps = { readonly lease: HeldLease; readonly question: Question['what'] | null; readonly onQuestionTaken: () => void };
type Asking = 'release' | 'proof' | 'offline' | 'online';

/** One license in use: until when, what it is, and what can be done with it. */
export const LeaseView = ({ lease, question, onQuestionTaken }: LeaseViewProps) => {
  const t = useWords();
  const common = useCommonWords();
  const language = useLanguage();
  const now = useNow();
  const { mirror } = useDesktop();
  const connection = useDesktopState((state) => state.connection.state);
  const renewal = useAction('lease.renew');
  const { id, product, edition, organization, mode, carrier, until, issuedAt, standing, offlineDays, refusal } = lease;
  const isConnected = connection === 'online';
  const isByFile = carrier === 'file' || connection === 'none';
  const hasEnded = !standing.usable && (standing.code === 'LEASE_EXPIRED' || standing.code === 'LEASE_REVOKED');
  // The authority renews only for the computer that the license was given to.
  const isOther = !standing.usable && standing.code === 'FINGERPRINT_MISMATCH';
  const canGoOffline = mode === 'online' && offlineDays > 0 && standing.usable;
  const isStored = useDesktopState((state) => state.unsaved === null);
  const unplaced = useDesktopState((state) => state.unplaced.find((each) => each.product === product.id));
  const known = useDesktopState((state) => state.picker.entitlements.find(({ license }) => license === lease.license));
  const canGoOnline = mode === 'offline' && connection !== 'none' && carrier === 'network' && standing.usable && known?.modes.includes('online') !== false;

  const [asking, setAsking] = useState<Asking | null>(() => {
    if (question === null) return null;
    return question === 'switch-offline' ? (canGoOffline ? 'offline' : null) : isByFile ? 'proof' : 'release';
  });
  useEffect(() => {
    if (question !== null) onQuestionTaken();
  }, [question, onQuestionTaken]);

  const renew = async () => {
    const result = await renewal.run({ lease: id });
    const state = mirror.getState();
    const renewed = state.phase === 'ready' ? state.state.leases.find((one) => one.id === id) : undefined;
    if (result.ok && renewed !== undefined) notify({ title: t('lease.renewed', { until: renewed.until }) });
  };
  const left = !standing.usable && standing.code === 'LEASE_REVOKED' ? 0 : Math.max(0, Math.min(100, Math.round(((until - now) / Math.max(1, until - issuedAt)) * 100)));
  const close = () => setAsking(null);
  return (
    <>
      <LeaseStanding lease={lease} />
      {unplaced !== undefined && standing.usable && (
        <Banner tone="warn" live="status" title={t('lease.unplaced', { product: product.name })}>
          <p>{t('lease.unplacedText')}</p>
          <StorageFacts problem={unplaced.problem} />
        </Banner>
      )}
      {renewal.problem !== null && renewal.problem.code !== refusal?.code && <ProblemNote problem={renewal.problem} live="alert" closeLabel={common('actions.dismiss')} onClose={renewal.clear} />}
      <section className="lease-card" aria-labelledby={`product-${id}`}>
        <div className="lease-head">
          <div className="lease-name">
            <h2 id={`product-${id}`} className="lease-product">{product.name}{edition !== null && <span className="lease-edition"> {edition}</span>}</h2>
            <p className="lk-soft">{organization.name}</p>
          </div>
          <span className="lk-row">
            {!standing.usable && <Badge tone="danger">{t('lease.notUsable')}</Badge>}
            <ModeBadge lease={lease} />
          </span>
        </div>
        <div className="lease-until">
          <p className="lease-until-title">{t(until <= now ? 'lease.endedTitle' : standing.usable ? 'lease.untilTitle' : 'lease.fileEndsTitle')}</p>
          <p className="lease-until-time"><Time seconds={until} locale={language} /> <span className="lk-soft">(<RelativeTime seconds={until} locale={language} now={now} />)</span></p>
          <ProgressBar label={t('lease.remaining')} value={left} isLabelVisible={false} />
          {standing.usable && isStored && <p className="lk-small lk-soft">{t(mode === 'offline' ? 'lease.offlineText' : refusal !== null ? 'lease.onlineRefused' : isConnected ? 'lease.onlineText' : 'lease.onlineAway')}</p>}
        </div>
        <div className="lease-actions">
          {canGoOffline && <Button variant="primary" icon={<WifiOff aria-hidden="true" />} isDisabled={!isConnected} onPress={() => setAsking('offline')}>{t('lease.toOffline')}</Button>}
          {canGoOnline && <Button variant="primary" icon={<Wifi aria-hidden="true" />} isDisabled={!isConnected} onPress={() => setAsking('online')}>{t('lease.toOnline')}</Button>}
          {isByFile
            ? <Button icon={<FileUp aria-hidden="true" />} onPress={() => setAsking('proof')}>{t('lease.saveProof')}</Button>
            : <Button icon={<Undo2 aria-hidden="true" />} onPress={() => setAsking('release')}>{t('lease.release')}</Button>}
          {!isByFile && <Link href={changePath(id)} variant="button" icon={<Repeat aria-hidden="true" />}>{t('lease.change')}</Link>}
          {isByFile && !isOther && <Link href={renewPath(id)} variant="button" icon={<FileDown aria-hidden="true" />}>{t(hasEnded ? 'lease.askAgain' : 'lease.renewByFile')}</Link>}
          {!isByFile && !hasEnded && !isOther && <Button icon={<RefreshCw aria-hidden="true" />} isDisabled={!isConnected} isPending={renewal.isPending} pendingLabel={t('lease.renewing')} onPress={() => void renew()}>{t('lease.renew')}</Button>}
          {!isByFile && mode === 'offline' && !isConnected && <Button icon={<FileUp aria-hidden="true" />} onPress={() => setAsking('proof')}>{t('lease.saveProof')}</Button>}
        </div>
      </section>
      <LeaseFacts lease={lease} />
      {asking === 'release' && <ReleaseDialog lease={lease} onClose={close} />}
      {asking === 'proof' && <ReleaseProofDialog lease={lease} onClose={close} />}
      {asking === 'offline' && <SwitchOfflineDialog lease={lease} onClose={close} />}
      {asking === 'online' && <SwitchOnlineDialog lease={lease} onClose={close} />}
    </>
  );
};
