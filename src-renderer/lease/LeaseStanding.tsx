import { FileDown, RefreshCw } from 'lucide-react';
import { useLocation } from 'wouter';
import { endOf } from '../../src-shared/desktop.ts';
import type { HeldLease, Problem, RenewalRefusal } from '../../src-shared/desktop.ts';
import type { ErrorCode } from '../../src-shared/errors.ts';
import { bindPath, leasePath, paths, renewPath } from '../desktop/paths.ts';
import { useAction, useDesktopState } from '../desktop/use-desktop.ts';
import { useWords } from '../desktop/words.ts';
import { useCommonWords, useLanguage } from '../messages/words.ts';
import { ProblemNote, useProblemWords } from '../problem/ProblemNote.tsx';
import { Banner, Button, notify, relativeTime } from '../ui/index.ts';
import { useNow } from '../window/use-now.ts';

/** Why it cannot be used now, that it was not renewed, or that it ends soon. */
export const LeaseStanding = ({ lease }: { readonly lease: HeldLease }) => {
  const { standing, refusal } = lease;
  return (
    <>
      {standing.usable ? <EndsSoon lease={lease} /> : <NotUsable lease={lease} problem={standing} />}
      {refusal !== null && <Refused lease={lease} refusal={refusal} />}
    </>
  );
};

const NotUsable = ({ lease, problem }: { readonly lease: HeldLease; readonly problem: Problem }) => {
  const t = useWords();
  const [, navigate] = useLocation();
  const isSignedIn = useDesktopState((state) => state.account !== null);
  const hasAuthority = useDesktopState((state) => state.connection.state !== 'none');
  const clock = useDesktopState((state) => state.clock);
  const byFile = lease.carrier === 'file' || !hasAuthority;
  // The wrong clock is told above every page.
  if (problem.code === 'CLOCK_ROLLED_BACK' && !clock.ok) return null;
  if (problem.code === 'FINGERPRINT_MISMATCH') return <OtherComputer lease={lease} problem={problem} byFile={byFile || !isSignedIn} />;
  return (
    <ProblemNote
      problem={problem}
      live="alert"
      action={byFile
        ? <Button onPress={() => navigate(renewPath(lease.id))}>{t(problem.code === 'LEASE_EXPIRED' ? 'lease.askAgain' : 'nav.exchange')}</Button>
        : <Button onPress={() => navigate(paths.picker)}>{t('lease.empty.action')}</Button>}
    />
  );
};

const EndsSoon = ({ lease }: { readonly lease: HeldLease }) => {
  const t = useWords();
  const language = useLanguage();
  const now = useNow();
  const { at, withLicense } = endOf(lease);
  if (lease.endsWithinDays === null || at === null) return null;
  return (
    <Banner tone={lease.endsWithinDays <= 3 ? 'warn' : 'info'} title={t('lease.ends', { rest: relativeTime(at, now, language) })}>
      {t('lease.endsText', { product: lease.product.name, until: at })} {t(withLicense ? 'lease.endsLicense' : 'lease.endsOffline')}
    </Banner>
  );
};

/** What an owner or manager can change; the rest is for the vendor or the operator, as its words say. */
const forManagers: readonly ErrorCode[] = ['ROLE_NOT_ALLOWED', 'LICENSE_NOT_ASSIGNED', 'MACHINE_CLONED'];
const isForManagers = ({ code, details }: RenewalRefusal): boolean => forManagers.includes(code) && details['retired'] !== true;

/** Why the authority did not renew it the last time, and whom to ask. */
const Refused = ({ lease, refusal }: { readonly lease: HeldLease; readonly refusal: RenewalRefusal }) => {
  const t = useWords();
  const { title, text, next } = useProblemWords()(refusal);
  const contacts = useDesktopState((state) => state.picker.entitlements.find(({ license }) => license === lease.license)?.contacts);
  return (
    <Banner tone="warn" title={t('lease.refused', { why: title })}>
      <p>{text} {t('lease.refusedAt', { at: refusal.at })} {lease.standing.usable && t('lease.refusedGoesOn', { until: lease.until })}</p>
      <p className="problem-next">{next}</p>
      {isForManagers(refusal) && contacts !== undefined && contacts.length > 0 && (
        <p>{t('lease.refusedContacts')}: {contacts.map(({ name, email }) => `${name} (${email})`).join(', ')}</p>
      )}
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
    const result = await again.run({ license: lease.license });
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
