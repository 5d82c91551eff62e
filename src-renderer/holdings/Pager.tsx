import { ChevronLeft, ChevronRight } from 'lucide-react';
import { IconButton } from '../ui/index.ts';
import { useHoldingsWords } from './words.ts';
import './holdings.css';

export type PagerProps = {
  /** The list it belongs to. */
  readonly list: string;
  readonly offset: number;
  readonly limit: number;
  readonly total: number;
  readonly onChange: (offset: number) => void;
};

/** Which rows of a long list are shown, and the way to the others. Nothing where one page holds all. */
export const Pager = ({ list, offset, limit, total, onChange }: PagerProps) => {
  const t = useHoldingsWords();
  if (total <= limit && offset === 0) return null;
  const to = Math.min(offset + limit, total);
  return (
    <nav className="holdings-pager" aria-label={t('list.pages', { list })}>
      <span className="lk-small lk-soft lk-numeric" role="status">{t('list.range', { from: Math.min(offset + 1, total), to, total })}</span>
      <span className="lk-row">
        <IconButton size="small" variant="secondary" label={t('list.previous')} icon={<ChevronLeft aria-hidden="true" />} isDisabled={offset === 0} onPress={() => onChange(Math.max(0, offset - limit))} />
        <IconButton size="small" variant="secondary" label={t('list.next')} icon={<ChevronRight aria-hidden="true" />} isDisabled={to >= total} onPress={() => onChange(offset + limit)} />
      </span>
    </nav>
  );
};
