import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import type { Notice } from '../../src-shared/desktop.ts';
import { isErrorCode } from '../../src-shared/errors.ts';
import { useProblemWords } from '../problem/ProblemNote.tsx';
import { notify } from '../ui/index.ts';
import type { ToastWords } from '../ui/index.ts';
import { leasePath, paths } from './paths.ts';
import { useDesktopState } from './use-desktop.ts';
import { useWords } from './words.ts';

const tones = { 'released-elsewhere': 'info', revoked: 'danger', expired: 'warn', expiring: 'warn', 'renew-refused': 'warn', 'store-recovered': 'danger' } as const satisfies Record<Notice['kind'], ToastWords['tone']>;

/** Two things can happen in one second; the same thing comes again with a new snapshot. */
const keyOf = ({ at, kind, lease }: Notice): string => `${at} ${kind} ${lease}`;

/** Tells what happened to a lease by itself, once. What happened before the window stood is not told again. */
export const useNotices = (): void => {
  const t = useWords();
  const words = useProblemWords();
  const [, navigate] = useLocation();
  const notice = useDesktopState((state) => state.notice);
  const told = useRef(notice && keyOf(notice));
  useEffect(() => {
    if (notice === null || keyOf(notice) === told.current) return;
    told.current = keyOf(notice);
    const { kind, lease } = notice;
    const { endedBy: by, code } = notice.details;
    const action = kind === 'expiring' || kind === 'renew-refused'
      ? lease === null ? undefined : { label: t('notice.show'), onPress: () => navigate(leasePath(lease)) }
      : kind === 'store-recovered' ? undefined : { label: t('notice.pick'), onPress: () => navigate(paths.picker) };
    notify({
      tone: tones[kind],
      title: t(`notice.${kind}.title`, { product: notice.productName ?? t('notice.license') }),
      text: kind === 'released-elsewhere' && typeof by !== 'string'
        ? t('notice.released-elsewhere.textUnknown')
        : [kind === 'renew-refused' && typeof code === 'string' && isErrorCode(code) && `${words({ code, details: notice.details }).title}.`, t(`notice.${kind}.text`, { by })].filter(Boolean).join(' '),
      ...(action !== undefined && { action }),
    });
  }, [notice, navigate, t, words]);
};
