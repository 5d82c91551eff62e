import type { Holding } from '../../src-shared/http/holdings.ts';
import type { LeaseMode } from '../../src-shared/lease.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { useCommonWords } from '../messages/words.ts';
import { Badge } from '../ui/index.ts';
import type { Tone } from '../ui/index.ts';
import { useHoldingsWords } from './words.ts';
import type { HoldingsWords } from './words.ts';

export const nameOf = ({ product, edition }: { readonly product: { readonly name: string }; readonly edition: string | null }): string =>
  edition === null ? product.name : `${product.name} ${edition}`;

const tones: { readonly [S in Holding['status']]: Tone } = { 'active': 'ok', 'not-started': 'info', 'expired': 'neutral', 'suspended': 'warn' };

export const StatusBadge = ({ status }: Pick<Holding, 'status'>) => {
  const t = useHoldingsWords();
  return <Badge tone={tones[status]} hasDot>{t(`status.${status}`)}</Badge>;
};

export const ModeBadge = ({ mode }: { readonly mode: LeaseMode }) => {
  const common = useCommonWords();
  return <Badge tone={mode === 'offline' ? 'brass' : 'neutral'}>{common(mode === 'offline' ? 'mode.Offline' : 'mode.Online')}</Badge>;
};

export const validityOf = ({ validFrom, validUntil }: { readonly validFrom: Seconds | null; readonly validUntil: Seconds | null }, t: HoldingsWords): string =>
  validFrom !== null && validUntil !== null
    ? t('validity.both', { from: validFrom, to: validUntil })
    : validUntil !== null ? t('validity.to', { to: validUntil }) : validFrom !== null ? t('validity.from', { from: validFrom }) : t('validity.open');

/** None of its seats can be taken any more, and none is. */
export const isOver = ({ status, seats }: Pick<Holding, 'status' | 'seats'>): boolean => status === 'expired' && seats.free === seats.owned;

export const modesOf = (modes: readonly LeaseMode[], t: HoldingsWords): string =>
  t(modes.length > 1 ? 'modes.both' : modes[0] === undefined ? 'modes.none' : `modes.${modes[0]}`);
