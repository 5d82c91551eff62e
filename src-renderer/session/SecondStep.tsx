import { useRef, useState } from 'react';
import type { FormEvent } from 'react';
import type { Problem } from '../../src-shared/desktop.ts';
import { ProblemText, useProblemWords } from '../problem/ProblemNote.tsx';
import { Button, FormError, SegmentedControl } from '../ui/index.ts';
import { cleanCode, CodeField } from './CodeField.tsx';
import type { Credentials, SignInFormProps } from './SignInForm.tsx';
import type { Method } from './methods.ts';
import { useSignInWords } from './words.ts';

export type SecondStepProps = Pick<SignInFormProps, 'onSubmit' | 'onSendCode' | 'isDisabled'> & {
  readonly credentials: Credentials;
  readonly methods: readonly Method[];
  /** A code is on its way already, and can be used until then. */
  readonly sentUntil: number | null;
  /** Back to e-mail and password; with what happened when they are no longer right. */
  readonly onLeave: (problem: Problem | null) => void;
};

/** The code: of the app, by e-mail once it is asked for, or one of the recovery codes. */
export const SecondStep = ({ credentials, methods, sentUntil, onSubmit, onSendCode, onLeave, isDisabled = false }: SecondStepProps) => {
  const t = useSignInWords();
  const words = useProblemWords();
  const form = useRef<HTMLFormElement>(null);
  const [method, setMethod] = useState<Method>(methods[0] ?? 'app');
  const [otp, setOtp] = useState('');
  const [sent, setSent] = useState<{ readonly expiresAt: number; readonly count: number } | null>(sentUntil === null ? null : { expiresAt: sentUntil, count: 1 });
  const [isPending, setPending] = useState<'code' | 'mail' | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isMissing, setMissing] = useState(false);
  const { email } = credentials;
  const awaitsMail = method === 'email' && sent === null;

  const refused = ({ code, details }: Problem) => {
    if (code === 'CREDENTIALS_INVALID') return onLeave({ code, details });
    setProblem({ code, details });
  };
  const send = async () => {
    setPending('mail');
    setProblem(null);
    const result = await onSendCode(credentials);
    setPending(null);
    if (!result.ok) return refused(result);
    setSent((old) => ({ expiresAt: result.value.expiresAt, count: (old?.count ?? 0) + 1 }));
    setOtp('');
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isPending !== null || isDisabled) return;
    if (awaitsMail) return send();
    const code = cleanCode(otp);
    setMissing(code === '');
    if (code === '') return form.current?.querySelector<HTMLInputElement>('input[name="otp"]')?.focus();
    setPending('code');
    setProblem(null);
    const result = await onSubmit({ ...credentials, otp: code });
    setPending(null);
    if (result.ok) return;
    refused(result);
    if (result.code === 'OTP_INVALID') {
      setOtp('');
      form.current?.querySelector<HTMLInputElement>('input[name="otp"]')?.focus();
    }
  };
  const choose = (next: Method) => {
    setMethod(next);
    setOtp('');
    setProblem(null);
    setMissing(false);
  };
  const isWrong = problem?.code === 'OTP_INVALID';

  return (
    <form ref={form} className="lk-stack sign-in-form" noValidate onSubmit={(event) => void submit(event)}>
      <div role="status">
        <h2 className="sign-in-step">{t('step')}</h2>
        <p className="lk-soft lk-small">{t('stepText', { email })}</p>
      </div>
      {methods.length > 1 && <SegmentedControl label={t('method')} segments={methods.map((id) => ({ id, title: t(`methods.${id}`) }))} value={method} onChange={choose} />}
      {method === 'email' && sent === null && <p>{t('email.ask', { email })}</p>}
      {!awaitsMail && (
        <CodeField
          key={`${method} ${sent?.count ?? 0}`} label={t(`${method}.label`)} kind={method === 'recovery' ? 'recovery' : 'digits'} value={otp} autoFocus
          onChange={(next) => {
            setOtp(next);
            setMissing(false);
            if (next !== '' && isWrong) setProblem(null);
          }}
          description={method === 'email' ? t('email.text', { email, at: sent?.expiresAt }) : t(`${method}.text`)}
          error={isMissing ? t('codeMissing') : isWrong ? words(problem).title : undefined}
        />
      )}
      {method === 'email' && <p role="status" className="lk-hidden-text">{sent === null ? '' : t('email.sent', { email })}</p>}
      <FormError>{problem !== null && !isWrong && <ProblemText problem={problem} />}</FormError>
      <Button type="submit" variant="primary" size="large" isFullWidth isPending={isPending === 'code' || (awaitsMail && isPending === 'mail')} isDisabled={isDisabled} pendingLabel={t(awaitsMail ? 'email.sending' : 'pending')}>
        {t(awaitsMail ? 'email.send' : 'submit')}
      </Button>
      <div className="lk-row sign-in-ways">
        <Button variant="quiet" onPress={() => onLeave(null)} isDisabled={isPending !== null}>{t('back')}</Button>
        {method === 'email' && sent !== null && <Button variant="quiet" isPending={isPending === 'mail'} pendingLabel={t('email.sending')} onPress={() => void send()}>{t('email.again')}</Button>}
      </div>
    </form>
  );
};
