import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import type { Notice } from '../../src-shared/desktop.ts';
import { isErrorCode } from '../../src-shared/errors.ts';
import { createNoticeTeller } from '../../src-shared/notice.ts';
import { useLanguage } from '../messages/words.ts';
import { useProblemWords } from '../problem/ProblemNote.tsx';
import { notifyWhileTrue, relativeTime } from '../ui/index.ts';
import type { ToastWords } from '../ui/index.ts';
import { leasePath, paths } from './paths.ts';
import { useDesktopState } from './use-desktop.ts';
import { useWords } from './words.ts';

const tones = {
  'released-elsewhere': 'info', revoked: 'danger', retired: 'danger', expired: 'warn', 'taken-again': 'info', expiring: 'warn', unrenewed: 'warn', 'renew-refused': 'warn', 'store-recovered': 'danger',
} as const satisfies Record<Notice['kind'], ToastWords['tone']>;

/** Tells what happened to leases by itself, each once, and takes it away when it is no longer true. What happened before the window stood is not told again. */
export const useNotices = (): void => {
  const notices = useDesktopState((state) => state.notices);
  const toastOf = useToast();
  const newest = useRef(toastOf);
  const teller = useRef<((notices: readonly Notice[]) => void) | null>(null);
  useEffect(() => {
    newest.current = toastOf;
    teller.current ??= createNoticeTeller((notice) => notifyWhileTrue(newest.current(notice)), notices);
    teller.current(notices);
  }, [notices, toastOf]);
};

const useToast = (): ((notice: Notice) => ToastWords) => {
  const t = useWords();
  const language = useLanguage();
  const words = useProblemWords();
  const [, navigate] = useLocation();
  // The operator is not a person of the organization, and has no name there.
  const retiredBy = (by: unknown): string => (by === 'operator' ? t('notice.retired.operator') : typeof by === 'string' ? by : t('notice.retired.somebody'));
  return ({ at, kind, lease, productName, details }) => {
    const { endedBy: by, code, until } = details;
    const action = kind === 'expiring' || kind === 'renew-refused' || kind === 'unrenewed' || kind === 'taken-again'
      ? lease === null ? undefined : { label: t('notice.show'), onPress: () => navigate(leasePath(lease)) }
      : kind === 'store-recovered' || kind === 'retired' ? undefined : { label: t('notice.pick'), onPress: () => navigate(paths.picker) };
    const why = kind === 'renew-refused' && typeof code === 'string' && isErrorCode(code) ? `${words({ code, details }).title}. ` : '';
    const facts = { ...details, by: kind === 'retired' ? retiredBy(by) : by, product: productName ?? t('notice.license'), ...(typeof until === 'number' && { rest: relativeTime(until, at, language) }) };
    return {
      tone: tones[kind],
      title: t(`notice.${kind}.title`, { product: productName ?? t('notice.license') }),
      text: kind === 'released-elsewhere' && typeof by !== 'string' ? t('notice.released-elsewhere.textUnknown')
        : kind === 'expired' && typeof details['holders'] === 'string' && details['holders'] !== '' ? t('notice.expired.textHeld', facts)
        : kind === 'expiring' && details['withLicense'] === true ? t('notice.expiring.textLicense', facts)
          : `${why}${t(`notice.${kind}.text`, facts)}`,
      ...(action !== undefined && { action }),
    };
  };
};
