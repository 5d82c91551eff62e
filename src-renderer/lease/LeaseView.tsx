import { FileDown, FileUp, RefreshCw, Repeat, Undo2, Wifi, WifiOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import type { HeldLease, Problem } from '../../src-shared/desktop.ts';
import { bindPath, changePath, leasePath, paths, renewPath } from '../desktop/paths.ts';
import type { Question } from '../desktop/sent.ts';
import { useAction, useDesktop, useDesktopState } from '../desktop/use-desktop.ts';
import { useNow } from '../window/use-now.ts';
import { useWords } from '../desktop/words.ts';
import { useCommonWords, useLanguage } from '../messages/words.ts';
import { ProblemNote } from '../problem/ProblemNote.tsx';
import { Badge, Banner, Button, Link, ProgressBar, RelativeTime, Time, notify } from '../ui/index.ts';
import { LeaseFacts } from './LeaseFacts.tsx';
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
  const { id, product, edition, organization, mode, carrier, until, issuedAt, standing, offlineDays } = lease;
  const isConnected = connection === 'online';
  const isByFile = carrier === 'file' || connection === 'none';
  const hasEnded = !standing.usable && (standing.code === 'LEASE_EXPIRED' || standing.code === 'LEASE_REVOKED');
  // The authority renews only for the computer that the license was given to.
  const isOther = !standing.usable && standing.code === 'FINGERPRINT_MISMATCH';
  const canGoOffline = mode === 'online' && offlineDays > 0 && standing.usable;
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
      <Standing lease={lease} />
      {renewal.problem !== null && <ProblemNote problem={renewal.problem} live="alert" closeLabel={common('actions.dismiss')} onClose={renewal.clear} />}
      <section className="lease-card" aria-labelledby={`product-${id}`}>
        <div className="lease-head">
          <div className="lease-name">
            <h2 id={`product-${id}`} className="lease-product">{product.name}{edition !== null && <span className="lease-edition"> {edition}</span>}</h2>
            <p className="lk-soft">{organization.name}</p>
          </div>
          <span className="lk-row">
            {!standing.usable && <Badge tone="danger">{t('lease.notUsable')}</Badge>}
            <Badge tone={mode === 'online' ? 'ok' : 'info'} icon={mode === 'online' ? <Wifi aria-hidden="true" /> : <WifiOff aria-hidden="true" />}>{common(mode === 'online' ? 'mode.Online' : 'mode.Offline')}</Badge>
          </span>
        </div>
        <div className="lease-until">
          <p className="lease-until-title">{t(until <= now ? 'lease.endedTitle' : standing.usable ? 'lease.untilTitle' : 'lease.fileEndsTitle')}</p>
          <p className="lease-until-time"><Time seconds={until} locale={language} /> <span className="lk-soft">(<RelativeTime seconds={until} locale={language} now={now} />)</span></p>
          <ProgressBar label={t('lease.remaining')} value={left} isLabelVisible={false} />
          {standing.usable && <p className="lk-small lk-soft">{mode === 'offline' ? t('lease.offlineText') : t(isConnected ? 'lease.onlineText' : 'lease.onlineAway')}</p>}
        </div>
        <div className="lease-actions">
          {canGoOffline && <Button variant="primary" icon={<WifiOff aria-hidden="true" />} isDisabled={!isConnected} onPress={() => setAsking('offline')}>{t('lease.toOffline')}</Button>}
          {canGoOnline && <Button variant="primary" icon={<Wifi aria-hidden="true" />} isDisabled={!isConnected} onPress={() => setAsking('online')}>{t('lease.toOnline')}</Button>}
          {isByFile
            ? <Button icon={<FileUp aria-hidden="true" />} onPress={() => setAsking('proof')}>{t('lease.saveProof')}</Button>
            : <Button icon={<Undo2 aria-hidden="true" />} onPress={() => setAsking('release')}>{t('lease.release')}</Button>}
          {!isByFile && <Link href={changePath(id)} variant="button" icon={<Repeat aria-hidden="true" />}>{t('lease.change')}</Link>}
          {isByFile && !isOther && <Link href={renewPath(id)} variant="button" icon={<FileDown aria-hidden="true" />}>{t('lease.renewByFile')}</Link>}
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

/** Why it cannot be used now, or that it ends soon. */
const Standing = ({ lease }: { readonly lease: HeldLease }) => {
  const { id, product, organization, standing, endsWithinDays, until, validUntil, mode, carrier } = lease;
  const t = useWords();
  const isSignedIn = useDesktopState((state) => state.account !== null);
  const [, navigate] = useLocation();
  const hasAuthority = useDesktopState((state) => state.connection.state !== 'none');
  const clock = useDesktopState((state) => state.clock);
  const byFile = carrier === 'file' || !hasAuthority;
  if (!standing.usable) {
    // The wrong clock is told above every page.
    if (standing.code === 'CLOCK_ROLLED_BACK' && !clock.ok) return null;
    if (standing.code === 'FINGERPRINT_MISMATCH') return <OtherComputer lease={lease} problem={standing} byFile={byFile || !isSignedIn} />;
    return (
      <ProblemNote
        problem={standing}
        live="alert"
        action={byFile
          ? <Button onPress={() => navigate(renewPath(id))}>{t('nav.exchange')}</Button>
          : <Button onPress={() => navigate(paths.picker)}>{t('lease.empty.action')}</Button>}
      />
    );
  }
  if (endsWithinDays === null) return null;
  const endsWithLicense = validUntil !== null && validUntil <= until;
  return (
    <Banner tone={endsWithinDays <= 3 ? 'warn' : 'info'} title={t('lease.ends', { count: endsWithinDays })}>
      {t('lease.endsText', { product: product.name, until })} {endsWithLicense ? t('lease.endsLicense', { organization: organization.name }) : t(mode === 'online' ? 'lease.endsOnline' : 'lease.endsOffline')}
    </Banner>
  );
};

/** A new request binds the seat to the computer as it is now: over the network at once, else by file. */
const OtherComputer = ({ lease, problem, byFile }: { readonly lease: HeldLease; readonly problem: Problem; readonly byFile: boolean }) => {
  const t = useWords();
  const common = useCommonWords();
  const [, navigate] = useLocation();
  const again = useAction('lease.checkout');
  const bind = async () => {
    const result = await again.run({ license: lease.license, organization: lease.organization.id });
    if (!result.ok) return;
    navigate(leasePath(result.value.lease), { replace: true });
    notify({ title: t('lease.bound', { product: lease.product.name }), text: t('lease.boundText') });
  };
  return (
    <>
      <ProblemNote
        problem={problem}
        live="alert"
        action={byFile
          ? <Button icon={<FileDown aria-hidden="true" />} onPress={() => navigate(bindPath(lease.id))}>{t('lease.bind')}</Button>
          : <Button icon={<RefreshCw aria-hidden="true" />} isPending={again.isPending} pendingLabel={t('lease.binding')} onPress={() => void bind()}>{t('lease.bind')}</Button>}
      />
      {again.problem !== null && <ProblemNote problem={again.problem} live="alert" closeLabel={common('actions.dismiss')} onClose={again.clear} />}
    </>
  );
};
