import { useState } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';
import { useHoldingsWords } from '../holdings/words.ts';
import { useLanguage } from '../messages/words.ts';
import type { Series } from './ProductUsage.tsx';

const HEIGHT = 100;
const BAR = 0.72;

/**
 * The peak of each day below the line of the seats owned, and the refusals below that, on a scale of their own.
 * To a keyboard and a screen reader it is a slider over the days.
 */
export const UsageChart = ({ series: { product, owned, days }, peak, refusals }: { readonly series: Series; readonly peak: number; readonly refusals: number }) => {
  const t = useHoldingsWords();
  const language = useLanguage();
  const [at, setAt] = useState<number | null>(null);
  const top = Math.max(owned, peak, 1);
  const mostRefused = days.reduce((most, day) => Math.max(most, day.refusals), 1);
  const last = days.length - 1;
  const shown = at === null ? null : days[Math.min(at, last)] ?? null;
  const told = shown ?? days[last];
  const dayOf = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  const y = (seats: number): number => HEIGHT - (seats / top) * HEIGHT;

  const onKeyDown = (event: KeyboardEvent): void => {
    const now = Math.min(at ?? last, last);
    const to = ({ ArrowLeft: now - 1, ArrowDown: now - 1, ArrowRight: now + 1, ArrowUp: now + 1, PageUp: now + 7, PageDown: now - 7, Home: 0, End: last } as Readonly<Record<string, number>>)[event.key];
    if (to === undefined) return;
    event.preventDefault();
    setAt(Math.max(0, Math.min(last, to)));
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    setAt(Math.max(0, Math.min(last, Math.floor(((event.clientX - left) / width) * days.length))));
  };

  if (told === undefined) return <p className="lk-soft holdings-fine">{t('usage.quiet')}</p>;
  const point = (day: typeof told): string => t('usage.point', { at: day.at, peak: day.peak, owned, refused: day.refusals, refusals: day.refusals });
  return (
    <div className="usage">
      <div className="usage-scale" aria-hidden="true"><span>{top}</span><span>0</span></div>
      <div
        className="usage-plot"
        role="slider"
        tabIndex={0}
        aria-label={t('usage.summary', { product: product.name, peak, owned, refusals, days: days.length })}
        aria-valuemin={1}
        aria-valuemax={days.length}
        aria-valuenow={(at === null ? last : Math.min(at, last)) + 1}
        aria-valuetext={point(told)}
        onKeyDown={onKeyDown}
        onBlur={() => setAt(null)}
        onPointerMove={onPointerMove}
        onPointerLeave={() => setAt(null)}
      >
        <svg className="usage-peaks" viewBox={`0 0 ${days.length} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          {at !== null && <rect className="usage-cursor" x={Math.min(at, last)} y={0} width={1} height={HEIGHT} />}
          {days.map((day, index) => day.peak > 0 && <rect key={day.at} className="usage-bar" data-full={day.peak >= owned || undefined} x={index + (1 - BAR) / 2} y={y(day.peak)} width={BAR} height={HEIGHT - y(day.peak)} />)}
          <line className="usage-owned" x1={0} x2={days.length} y1={y(owned)} y2={y(owned)} />
        </svg>
        <svg className="usage-refusals" viewBox={`0 0 ${days.length} 20`} preserveAspectRatio="none" aria-hidden="true">
          {at !== null && <rect className="usage-cursor" x={Math.min(at, last)} y={0} width={1} height={20} />}
          {days.map((day, index) => day.refusals > 0 && <rect key={day.at} className="usage-refusal" x={index + (1 - BAR) / 2} y={0} width={BAR} height={4 + (day.refusals / mostRefused) * 16} />)}
        </svg>
      </div>
      <div className="usage-days" aria-hidden="true">
        {[days[0], days[Math.floor(last / 2)], days[last]].map((day, place) => <span key={place}>{day !== undefined && dayOf.format(new Date(day.at * 1000))}</span>)}
      </div>
      <div className="usage-foot lk-small lk-soft">
        <ul className="usage-legend" aria-hidden="true">
          <li><span className="usage-key" data-of="peak" />{t('usage.peak')}</li>
          <li><span className="usage-key" data-of="owned" />{t('usage.owned')}</li>
          <li><span className="usage-key" data-of="refusals" />{t('usage.refusals')}</li>
        </ul>
        <span className="lk-numeric" aria-hidden="true">{shown === null ? t('usage.hint') : point(shown)}</span>
      </div>
    </div>
  );
};
