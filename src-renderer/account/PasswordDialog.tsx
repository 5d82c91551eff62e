import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Problem } from '../../src-shared/desktop.ts';
import { FormDialog } from './FormDialog.tsx';
import { OwnPasswordField, Refused } from './OwnPasswordField.tsx';
import { useWords } from './words.ts';

export type PasswordDialogProps = {
  readonly title: string;
  readonly submitLabel?: string | undefined;
  readonly pendingLabel: string;
  readonly isPending: boolean;
  readonly problem: Problem | null;
  readonly clear: () => void;
  readonly onPassword: (password: string) => Promise<void>;
  readonly onClose: () => void;
  readonly children?: ReactNode;
};

/** Asks for the password before what follows. */
export const PasswordDialog = ({ title, submitLabel, pendingLabel, isPending, problem, clear, onPassword, onClose, children }: PasswordDialogProps) => {
  const t = useWords();
  const [password, setPassword] = useState('');
  const [isTried, setTried] = useState(false);
  const submit = async (): Promise<void> => {
    setTried(true);
    if (password !== '') await onPassword(password);
  };
  return (
    <FormDialog title={title} submitLabel={submitLabel ?? t('continue')} pendingLabel={pendingLabel} isPending={isPending} onSubmit={submit} onClose={onClose}>
      {children}
      <p className="lk-soft lk-small">{t('passwordText')}</p>
      <OwnPasswordField
        value={password} autoFocus
        onChange={(next) => {
          setPassword(next);
          clear();
        }}
        error={isTried && password === '' ? t('passwordMissing') : problem?.code === 'CREDENTIALS_INVALID' ? t('passwordWrong') : undefined}
      />
      <Refused problem={problem} except={['CREDENTIALS_INVALID']} />
    </FormDialog>
  );
};
