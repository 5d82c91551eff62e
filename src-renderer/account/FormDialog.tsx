import { useId } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { useCommonWords } from '../messages/words.ts';
import { Button, Dialog } from '../ui/index.ts';

export type FormDialogProps = {
  readonly title: string;
  readonly submitLabel: string;
  readonly pendingLabel: string;
  readonly isPending: boolean;
  readonly isDanger?: boolean | undefined;
  readonly onSubmit: () => Promise<void>;
  readonly onClose: () => void;
  readonly children: ReactNode;
};

/** A dialog that asks for something: Enter answers, Escape leaves. */
export const FormDialog = ({ title, submitLabel, pendingLabel, isPending, isDanger = false, onSubmit, onClose, children }: FormDialogProps) => {
  const common = useCommonWords();
  const id = useId();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!isPending) void onSubmit();
  };
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title={title}
      isBusy={isPending}
      actions={(
        <>
          <Button onPress={onClose} isDisabled={isPending}>{common('actions.cancel')}</Button>
          <Button type="submit" form={id} variant={isDanger ? 'danger' : 'primary'} isPending={isPending} pendingLabel={pendingLabel}>{submitLabel}</Button>
        </>
      )}
    >
      <form id={id} className="lk-stack" noValidate onSubmit={submit}>{children}</form>
    </Dialog>
  );
};
