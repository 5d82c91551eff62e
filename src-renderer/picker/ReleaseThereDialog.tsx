import { useEffect, useRef, useState } from 'react';
import { canBeTaken } from '../../src-shared/license.ts';
import type { Entitlement, Holder } from '../../src-shared/license.ts';
import { useAction, useDesktop, useDesktopState } from '../desktop/use-desktop.ts';
import { useWords } from '../desktop/words.ts';
import { useCommonWords } from '../messages/words.ts';
import { OfflineReturnDialog } from '../my-licenses/OfflineReturnDialog.tsx';
import { ProblemText } from '../problem/ProblemNote.tsx';
import { Button, ConfirmDialog, Dialog, Spinner, notify } from '../ui/index.ts';

export type ReleaseThereDialogProps = { readonly entitlement: Entitlement; readonly holder: Holder; readonly onClose: () => void; readonly onReleased: () => void };

/** Releases the person's own lease on another machine, waits for that machine to confirm it, and leads back to the list. */
export const ReleaseThereDialog = ({ entitlement: { license, product, contacts }, holder, onClose, onReleased }: ReleaseThereDialogProps) => {
  const t = useWords();
  const common = useCommonWords();
  const { call } = useDesktop();
  const { run, isPending, problem } = useAction('leases.release-elsewhere');
  const [isEnded, setEnded] = useState(false);
  // The list is brought up to date by the authority's events.
  const fresh = useDesktopState((state) => state.picker.entitlements.find((each) => each.license === license) ?? null);
  const values = { product: product.name, machine: holder.machine.name };
  const isThere = fresh?.holders.some(({ lease }) => lease === holder.lease) ?? false;
  const isDone = isEnded && (!isThere || (fresh !== null && canBeTaken(fresh)));
  const isTold = useRef(false);
  useEffect(() => {
    if (!isDone || isTold.current) return;
    isTold.current = true;
    onReleased();
    notify({ title: t('releaseThere.done', { product: product.name, machine: holder.machine.name }), text: t('releaseThere.doneText') });
  }, [isDone, onReleased, t, product.name, holder.machine.name]);
  if (holder.mode === 'offline') {
    return <OfflineReturnDialog product={product.name} machine={holder.machine.name} until={holder.until} onClose={onClose} />;
  }
  const release = async () => {
    const result = await run({ lease: holder.lease });
    if (!result.ok) return;
    await call('picker.refresh', null);
    setEnded(true);
  };
  const stop = () => {
    onClose();
    notify({ tone: 'warn', title: t('releaseThere.stopped', values), text: common('unconfirmed.text', { machine: holder.machine.name, until: holder.until }) });
  };
  if (isEnded) {
    const people = contacts.length === 0 ? common('unconfirmed.owners') : contacts.map(({ name }) => name).join(', ');
    return (
      <Dialog isOpen onOpenChange={stop} title={t('releaseThere.waiting', values)} actions={<Button onPress={stop} autoFocus>{t('releaseThere.stop')}</Button>}>
        <div className="lk-stack">
          <p role="status"><Spinner label={t('releaseThere.waiting', values)} size="small" /> {t('releaseThere.waitingText', values)}</p>
          <p className="lk-soft">{t('releaseThere.waitingEnd', { until: holder.until })} {common('unconfirmed.early', { people })}</p>
        </div>
      </Dialog>
    );
  }
  return (
    <ConfirmDialog
      isOpen
      onOpenChange={onClose}
      title={t('releaseThere.title', values)}
      confirmLabel={t('releaseThere.action')}
      cancelLabel={common('actions.cancel')}
      isDanger
      isPending={isPending}
      pendingLabel={t('releaseThere.pending')}
      onConfirm={() => void release()}
      error={problem !== null && <ProblemText problem={problem} />}
    >
      <p>{t('releaseThere.text', values)}</p>
      <p>{t('releaseThere.after')}</p>
    </ConfirmDialog>
  );
};
