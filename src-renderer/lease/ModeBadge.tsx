import { Wifi, WifiOff } from 'lucide-react';
import type { HeldLease } from '../../src-shared/desktop.ts';
import { useWords } from '../desktop/words.ts';
import { useCommonWords } from '../messages/words.ts';
import { Badge } from '../ui/index.ts';

/** How a lease is held; an online one that nothing renews is not shown as if all were well. */
export const useModeWords = (): ((lease: Pick<HeldLease, 'mode' | 'unrenewed'>) => string) => {
  const t = useWords();
  const common = useCommonWords();
  return ({ mode, unrenewed }) => (unrenewed !== null ? t('lease.unrenewedMode') : common(mode === 'online' ? 'mode.Online' : 'mode.Offline'));
};

export const modeTone = ({ mode, unrenewed }: Pick<HeldLease, 'mode' | 'unrenewed'>): 'ok' | 'info' | 'warn' => (unrenewed !== null ? 'warn' : mode === 'online' ? 'ok' : 'info');

export const ModeBadge = ({ lease }: { readonly lease: HeldLease }) => {
  const said = useModeWords();
  return <Badge tone={modeTone(lease)} icon={lease.mode === 'online' ? <Wifi aria-hidden="true" /> : <WifiOff aria-hidden="true" />}>{said(lease)}</Badge>;
};
