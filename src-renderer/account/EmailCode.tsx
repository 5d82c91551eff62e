import { useState } from 'react';
import { useAct, usePerson } from '../authority/index.ts';
import type { CallValue } from '../authority/index.ts';
import { useProblemWords } from '../problem/ProblemNote.tsx';
import { cleanCode, CodeField } from '../session/CodeField.tsx';
import { FormDialog } from './FormDialog.tsx';
import { Refused } from './OwnPasswordField.tsx';
import { PasswordDialog } from './PasswordDialog.tsx';
import { useWords } from './words.ts';

type Factors = CallValue<'security.secondFactors'>;

/** The password, a code by mail, and codes by e-mail are on. */
export const BeginEmail = ({ onOn, onClose }: { readonly onOn: (factors: Factors) => void; readonly onClose: () => void }) => {
  const t = useWords();
  const { email } = usePerson().account.user;
  const send = useAct('security.beginEmailCode');
  const confirm = useAct('security.confirmEmailCode');
  const [expiresAt, setExpiresAt] = useState<number | null>(null);

  if (expiresAt === null) {
    const begin = async (password: string): Promise<void> => {
      const result = await send.run({ body: { password } });
      if (result.ok) setExpiresAt(result.value.expiresAt);
    };
    return (
      <PasswordDialog title={t('begin.email')} submitLabel={t('end.send')} pendingLabel={t('email.pending')} isPending={send.isPending} problem={send.problem} clear={send.clear} onPassword={begin} onClose={onClose}>
        <p>{t('end.sendText', { email })}</p>
      </PasswordDialog>
    );
  }
  return (
    <CodeDialog
      title={t('begin.email')} label={t('begin.code')} text={t('begin.mailText', { email, at: expiresAt })} submitLabel={t('begin.confirm')} pendingLabel={t('begin.pending')}
      isPending={confirm.isPending} problem={confirm.problem} clear={confirm.clear} onClose={onClose}
      onCode={async (otp) => {
        const result = await confirm.run({ body: { otp } });
        if (result.ok) onOn(result.value);
        return result.ok;
      }}
    />
  );
};

export type EndFactorProps = {
  readonly method: 'app' | 'email';
  readonly factors: Factors;
  readonly onOff: (factors: Factors) => void;
  readonly onClose: () => void;
};

/** Turning one off takes a code of it, or a recovery code. */
export const EndFactor = ({ method, factors, onOff, onClose }: EndFactorProps) => {
  const t = useWords();
  const { email } = usePerson().account.user;
  const send = useAct('security.beginEmailCode');
  const end = useAct('security.disable');
  const [expiresAt, setExpiresAt] = useState<number | null>(null);

  if (method === 'email' && expiresAt === null) {
    const begin = async (password: string): Promise<void> => {
      const result = await send.run({ body: { password } });
      if (result.ok) setExpiresAt(result.value.expiresAt);
    };
    return (
      <PasswordDialog title={t('end.email')} submitLabel={t('end.send')} pendingLabel={t('email.pending')} isPending={send.isPending} problem={send.problem} clear={send.clear} onPassword={begin} onClose={onClose}>
        <p>{t('end.sendText', { email })}</p>
      </PasswordDialog>
    );
  }
  const isLast = !(factors.app && factors.email);
  return (
    <CodeDialog
      title={t(`end.${method}`)} label={t(method === 'app' ? 'end.appCode' : 'end.emailCode')} text={t(isLast ? 'end.lastText' : 'end.otherText')} submitLabel={t('end.confirm')} pendingLabel={t('end.pending')}
      kind="recovery" isDanger isPending={end.isPending} problem={end.problem} clear={end.clear} onClose={onClose}
      onCode={async (otp) => {
        const result = await end.run({ body: { method, otp } });
        if (result.ok) onOff(result.value);
        return result.ok;
      }}
    />
  );
};

type CodeDialogProps = Pick<ReturnType<typeof useAct>, 'isPending' | 'problem' | 'clear'> & {
  readonly title: string;
  readonly label: string;
  readonly text: string;
  readonly submitLabel: string;
  readonly pendingLabel: string;
  readonly kind?: 'digits' | 'recovery' | undefined;
  readonly isDanger?: boolean | undefined;
  readonly onCode: (otp: string) => Promise<boolean>;
  readonly onClose: () => void;
};

const CodeDialog = ({ title, label, text, submitLabel, pendingLabel, kind = 'digits', isDanger = false, isPending, problem, clear, onCode, onClose }: CodeDialogProps) => {
  const t = useWords();
  const words = useProblemWords();
  const [otp, setOtp] = useState('');
  const [isTried, setTried] = useState(false);
  const submit = async (): Promise<void> => {
    setTried(true);
    if (cleanCode(otp) !== '' && !(await onCode(cleanCode(otp)))) setOtp('');
  };
  return (
    <FormDialog title={title} submitLabel={submitLabel} pendingLabel={pendingLabel} isPending={isPending} isDanger={isDanger} onSubmit={submit} onClose={onClose}>
      <p>{text}</p>
      <CodeField
        label={label} value={otp} kind={kind} autoFocus
        onChange={(next) => {
          setOtp(next);
          if (next !== '') clear();
          setTried(false);
        }}
        error={problem?.code === 'OTP_INVALID' ? words(problem).title : isTried && otp === '' && problem === null ? t('begin.codeMissing') : undefined}
      />
      <Refused problem={problem} except={['OTP_INVALID']} />
    </FormDialog>
  );
};
