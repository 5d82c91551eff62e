import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Problem } from '../../src-shared/desktop.ts';
import { offlineUntil } from '../../src-shared/policy.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { useWords } from '../desktop/words.ts';
import { useCommonWords } from '../messages/words.ts';
import { ProblemText } from '../problem/ProblemNote.tsx';
import { Button, Dialog, FormError, NumberField } from '../ui/index.ts';
import { useNow } from '../window/use-now.ts';
import './lease.css';

const PRESETS = [1, 7, 14, 30];
const DAY = 86_400;

export type PeriodDialogProps = {
  readonly title: string;
  readonly action: string;
  readonly pendingLabel: string;
  /** The longest period, and the license's own end. */
  readonly offlineDays: number;
  readonly validUntil: Seconds | null;
  /** Who can end it early, and how. */
  readonly early: string;
  readonly isPending: boolean;
  readonly problem: Problem | null;
  readonly onGo: (days: number) => void;
  readonly onClose: () => void;
  /** What else happens, above the period. */
  readonly children?: ReactNode;
};

/** Chooses an offline period, and says what it locks and until when before it happens. */
export const PeriodDialog = ({ title, action, pendingLabel, offlineDays, validUntil, early, isPending, problem, onGo, onClose, children }: PeriodDialogProps) => {
  const t = useWords();
  const common = useCommonWords();
  const now = useNow();
  const [days, setDays] = useState(Math.min(7, offlineDays));
  const until = offlineUntil(now, days, offlineDays, validUntil);
  const go = () => {
    if (until !== null && !isPending) onGo(days);
  };
  const presets = PRESETS.filter((preset) => preset < offlineDays);
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title={title}
      closeLabel={common('actions.close')}
      isBusy={isPending}
      actions={(
        <>
          <Button onPress={onClose} isDisabled={isPending}>{common('actions.cancel')}</Button>
          <Button variant="primary" onPress={go} isPending={isPending} pendingLabel={pendingLabel} isDisabled={until === null}>{action}</Button>
        </>
      )}
    >
      <form
        className="lk-stack"
        onSubmit={(event) => {
          event.preventDefault();
          go();
        }}
      >
        {children}
        <div className="period">
          <NumberField
            label={t('goOffline.period')}
            suffix={t('goOffline.days')}
            value={days}
            onChange={setDays}
            minValue={1}
            maxValue={offlineDays}
            autoFocus
            isDisabled={isPending}
            description={t('goOffline.most', { count: offlineDays })}
            error={until === null && t('goOffline.tooLong', { count: offlineDays })}
          />
          <div role="group" aria-label={t('goOffline.presets')} className="lk-row">
            {presets.map((preset) => <Button key={preset} size="small" isDisabled={isPending} onPress={() => setDays(preset)}>{t('goOffline.preset', { count: preset })}</Button>)}
            <Button size="small" isDisabled={isPending} onPress={() => setDays(offlineDays)}>{t('goOffline.longest', { count: offlineDays })}</Button>
          </div>
        </div>
        {until !== null && (
          <div className="locks">
            <p className="locks-until" role="status">{t('goOffline.until', { until })}</p>
            {validUntil !== null && until < now + days * DAY && <p>{t('goOffline.cut')}</p>}
            <p className="locks-title">{t('goOffline.locks')}</p>
            <ul>
              <li>{t('goOffline.lockSeat', { until })}</li>
              <li>{early}</li>
              <li>{t('goOffline.lockWork')}</li>
            </ul>
          </div>
        )}
        <FormError>{problem !== null && <ProblemText problem={problem} />}</FormError>
      </form>
    </Dialog>
  );
};
