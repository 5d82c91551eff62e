import { FileDown } from 'lucide-react';
import { useLocation } from 'wouter';
import type { HeldLease, Unrenewed } from '../../src-shared/desktop.ts';
import { leasePath, paths, renewPath } from '../desktop/paths.ts';
import { useDesktopState } from '../desktop/use-desktop.ts';
import { useWords } from '../desktop/words.ts';
import { useLanguage } from '../messages/words.ts';
import { useProblemWords } from '../problem/ProblemNote.tsx';
import { Banner, Link, relativeTime } from '../ui/index.ts';
import { useNow } from '../window/use-now.ts';

export const isUnrenewed = (lease: HeldLease): lease is HeldLease & { readonly unrenewed: Unrenewed } => lease.unrenewed !== null;

/** Above every page while nothing renews an online lease: since when, until when, and what to do. */
export const UnrenewedBanner = ({ lease }: { readonly lease: HeldLease & { readonly unrenewed: Unrenewed } }) => {
  const t = useWords();
  const language = useLanguage();
  const now = useNow();
  const [path] = useLocation();
  const words = useProblemWords();
  const { state, url } = useDesktopState(({ connection }) => connection);
  const { id, product, until, unrenewed, refusal } = lease;
  const host = (url === null ? null : URL.parse(url)?.host) ?? url;
  // While nobody answers, what the authority said last is not what is wrong now.
  const isRefused = refusal !== null && (state === 'online' || state === 'connecting');
  const what = isRefused ? t('lease.unrenewedRefused', { why: words(refusal).title })
    : state === 'none' ? t('lease.unrenewedNone') : t(state === 'stranger' ? 'lease.unrenewedStranger' : 'lease.unrenewedAway', { host });
  return (
    <Banner
      tone={unrenewed.step >= 2 ? 'danger' : 'warn'}
      live="status"
      title={t('lease.unrenewed', { product: product.name, since: unrenewed.since })}
      action={isRefused
        // The page of the lease says it in full.
        ? !path.startsWith(paths.lease) && <Link href={leasePath(id)} variant="button">{t('notice.show')}</Link>
        : <Link href={renewPath(id)} variant="button" icon={<FileDown aria-hidden="true" />}>{t('lease.renewByFile')}</Link>}
    >
      <p>{t('lease.unrenewedText', { rest: relativeTime(until, now, language), until })}</p>
      <p className="problem-next">{what}</p>
    </Banner>
  );
};
