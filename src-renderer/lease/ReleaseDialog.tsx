import type { HeldLease } from '../../src-shared/desktop.ts';
import { useAction, useDesktopState } from '../desktop/use-desktop.ts';
import { useWords } from '../desktop/words.ts';
import { useCommonWords } from '../messages/words.ts';
import { ProblemText } from '../problem/ProblemNote.tsx';
import { ConfirmDialog, notify } from '../ui/index.ts';
import { useOtherHolder } from './use-holder.ts';

export type LeaseDialogProps = { readonly lease: HeldLease; readonly onClose: () => void };

/** Asks before a license is given back over the network. */
export const ReleaseDialog = ({ lease, onClose }: LeaseDialogProps) => {
  const { id, product, organization, mode } = lease;
  const other = useOtherHolder(lease);
  const t = useWords();
  const common = useCommonWords();
  const isConnected = useDesktopState((state) => state.connection.state === 'online');
  const { run, isPending, problem } = useAction('lease.release');
  const release = async () => {
    const result = await run({ lease: id, reason: 'user' });
    if (!result.ok) return;
    onClose();
    notify({ title: t('release.done', { product: product.name }) });
  };
  const more = mode === 'offline' ? (isConnected ? 'release.offline' : 'release.awayOffline') : isConnected ? null : 'release.away';
  return (
    <ConfirmDialog
      isOpen
      onOpenChange={onClose}
      title={t('release.title', { product: product.name })}
      confirmLabel={t('release.action')}
      cancelLabel={common('actions.cancel')}
      isDanger
      isPending={isPending}
      pendingLabel={t('release.pending')}
      isConfirmDisabled={mode === 'offline' && !isConnected}
      onConfirm={() => void release()}
      error={problem !== null && <ProblemText problem={problem} />}
    >
      <div className="lk-stack">
        {other !== null && <p><strong>{t('lease.takenByOther', { person: other })}</strong></p>}
        <p>{t('release.text', { organization: organization.name })}</p>
        {more !== null && <p>{t(more)}</p>}
      </div>
    </ConfirmDialog>
  );
};
