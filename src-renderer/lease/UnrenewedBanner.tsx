import { FileDown } from 'lucide-react';
import type { HeldLease, Unrenewed } from '../../src-shared/desktop.ts';
import { leasePath, renewPath } from '../desktop/paths.ts';
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
  const words = useProblemWords();
  const { state, url } = useDesktopState(({ connection }) => connection);
  const { id, product, until, unrenewed, refusal } = lease;
  const what = refusal !== null && state !== 'unreachable' ? t('lease.unrenewedRefused', { why: words(refusal).title })
    : state === 'none' ? t('lease.unrenewedNone') : t('lease.unrenewedAway', { host: (url === null ? null : URL.parse(url)?.host) ?? url });
  return (
    <Banner
      tone={unrenewed.step >= 2 ? 'danger' : 'warn'}
      live="status"
      title={t('lease.unrenewed', { product: product.name, since: unrenewed.since })}
      action={refusal !== null && state !== 'unreachable'
        ? <Link href={leasePath(id)} variant="button">{t('notice.show')}</Link>
        : <Link href={renewPath(id)} variant="button" icon={<FileDown aria-hidden="true" />}>{t('lease.renewByFile')}</Link>}
    >
      <p>{t('lease.unrenewedText', { rest: relativeTime(until, now, language), until })}</p>
      <p className="problem-next">{what}</p>
    </Banner>
  );
};
