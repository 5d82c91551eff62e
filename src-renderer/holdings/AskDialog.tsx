import { useState } from 'react';
import { useAct } from '../authority/index.ts';
import { useCommonWords } from '../messages/words.ts';
import { ProblemText } from '../problem/ProblemNote.tsx';
import { Button, Dialog, FormError, TextField, notify } from '../ui/index.ts';
import { useHoldingsWords } from './words.ts';

export type AskDialogProps = {
  readonly organization: { readonly id: string; readonly name: string };
  readonly product: string;
  readonly request: { readonly kind: 'assignment'; readonly license: string } | { readonly kind: 'release'; readonly lease: string };
  /** Who is asked to release. */
  readonly person?: string;
  readonly onClose: () => void;
  readonly onAsked?: () => void;
};

/** Asks the right person for an assignment, or a holder to release; with a message if one likes. */
export const AskDialog = ({ organization, product, request, person = '', onClose, onAsked }: AskDialogProps) => {
  const t = useHoldingsWords();
  const common = useCommonWords();
  const { run, isPending, problem } = useAct('holdings.ask');
  const [note, setNote] = useState('');
  const ask = async (): Promise<void> => {
    const result = await run({ params: { organization: organization.id }, body: { ...request, note: note.trim() } });
    if (!result.ok) return;
    onAsked?.();
    onClose();
    notify({ title: t('ask.done'), text: t(`ask.doneText.${request.kind}`, { product }) });
  };
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title={t(`ask.title.${request.kind}`, { product, person })}
      size="small"
      isBusy={isPending}
      actions={(
        <>
          <Button onPress={onClose} isDisabled={isPending}>{common('actions.cancel')}</Button>
          <Button variant="primary" isPending={isPending} pendingLabel={t('ask.pending')} onPress={() => void ask()}>{t('ask.action')}</Button>
        </>
      )}
    >
      <div className="lk-stack">
        <p>{t(`ask.text.${request.kind}`, { organization: organization.name, person })}</p>
        <TextField label={t('ask.note')} description={t('ask.noteText')} rows={3} maxLength={500} value={note} onChange={setNote} autoFocus />
        <FormError>{problem !== null && (problem.code === 'CONFLICT' ? t('ask.conflict') : <ProblemText problem={problem} />)}</FormError>
      </div>
    </Dialog>
  );
};
