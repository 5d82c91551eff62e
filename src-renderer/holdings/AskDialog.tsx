import { useState } from 'react';
import { useAct } from '../authority/index.ts';
import { useCommonWords } from '../messages/words.ts';
import { ProblemText } from '../problem/ProblemNote.tsx';
import { Button, Dialog, FormError, TextField, notify } from '../ui/index.ts';
import { useAskWords } from './ask-words.ts';

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
  const t = useAskWords();
  const common = useCommonWords();
  const { run, isPending, problem } = useAct('holdings.ask');
  const [note, setNote] = useState('');
  const ask = async (): Promise<void> => {
    const result = await run({ params: { organization: organization.id }, body: { ...request, note: note.trim() } });
    if (!result.ok) return;
    onAsked?.();
    onClose();
    notify({ title: t('done'), text: t(`doneText.${request.kind}`, { product }) });
  };
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title={t(`title.${request.kind}`, { product, person })}
      size="small"
      isBusy={isPending}
      actions={(
        <>
          <Button onPress={onClose} isDisabled={isPending}>{common('actions.cancel')}</Button>
          <Button variant="primary" isPending={isPending} pendingLabel={t('pending')} onPress={() => void ask()}>{t('action')}</Button>
        </>
      )}
    >
      <div className="lk-stack">
        <p>{t(`text.${request.kind}`, { organization: organization.name, person })}</p>
        <TextField label={t('note')} description={t('noteText')} rows={3} maxLength={500} value={note} onChange={setNote} autoFocus />
        <FormError>{problem !== null && (problem.code === 'CONFLICT' ? t('conflict') : <ProblemText problem={problem} />)}</FormError>
      </div>
    </Dialog>
  );
};
