import { useState } from 'react';
import { offlineUntil } from '../../src-shared/policy.ts';
import { useAction } from '../desktop/use-desktop.ts';
import { useNow } from '../window/use-now.ts';
import { useWords } from '../desktop/words.ts';
import { useCommonWords } from '../messages/words.ts';
import { ProblemText } from '../problem/ProblemNote.tsx';
import { Button, Dialog, FormError, NumberField, notify } from '../ui/index.ts';
import type { LeaseDialogProps } from './ReleaseDialog.tsx';

const PRESETS = [1, 7, 14, 30];
const DAY = 86_400;

/** Chooses the offline period, and says what it locks and until when before it happens. */
export const SwitchOfflineDialog = ({ lease: { id, product, offlineDays, validUntil }, onClose }: LeaseDialogProps) => {
  const t = useWords();
  const common = useCommonWords();
  const now = useNow();
  const [days, setDays] = useState(Math.min(7, offlineDays));
  const { run, isPending, problem } = useAction('lease.switch-offline');
  const until = offlineUntil(now, days, offlineDays, validUntil);
  const go = async () => {
    if (until === null) return;
    const result = await run({ lease: id, days });
    if (!result.ok) return;
    onClose();
    notify({ title: t('lease.switched.offline', { product: product.name }) });
  };
  const presets = PRESETS.filter((preset) => preset < offlineDays);
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title={t('goOffline.title', { product: product.name })}
      closeLabel={common('actions.close')}
      isBusy={isPending}
      actions={(
        <>
          <Button onPress={onClose} isDisabled={isPending}>{common('actions.cancel')}</Button>
          <Button variant="primary" onPress={() => void go()} isPending={isPending} pendingLabel={t('goOffline.pending')} isDisabled={until === null}>{t('goOffline.action')}</Button>
        </>
      )}
    >
      <form
        className="lk-stack"
        onSubmit={(event) => {
          event.preventDefault();
          void go();
        }}
      >
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
              <li>{t('goOffline.lockElsewhere')}</li>
              <li>{t('goOffline.lockWork')}</li>
            </ul>
          </div>
        )}
        <FormError>{problem !== null && <ProblemText problem={problem} />}</FormError>
      </form>
    </Dialog>
  );
};
