import { useRef, useState } from 'react';
import type { FormEvent } from 'react';
import type { Problem } from '../../src-shared/desktop.ts';
import type { Result } from '../../src-shared/result.ts';
import { session } from '../messages/en/session.ts';
import { useCommonWords, wordsHook } from '../messages/words.ts';
import { ProblemText } from '../problem/ProblemNote.tsx';
import { Button, FormError, PasswordField, TextField } from '../ui/index.ts';
import './session.css';

const useWords = wordsHook('session', session);

export type Credentials = { readonly email: string; readonly password: string; readonly otp?: string };
type Missing = Partial<Record<keyof Credentials, true>>;

export type SignInFormProps = {
  /** On success the page changes; on a refusal its words stand in the form. */
  readonly onSubmit: (credentials: Credentials) => Promise<Result<unknown>>;
  readonly initialEmail?: string | undefined;
  readonly isDisabled?: boolean | undefined;
};

/** E-mail and password, and the code of a second factor when the authority asks for it. */
export const SignInForm = ({ onSubmit, initialEmail = '', isDisabled = false }: SignInFormProps) => {
  const t = useWords();
  const common = useCommonWords();
  const form = useRef<HTMLFormElement>(null);
  const [isPending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [asksCode, setAsksCode] = useState(false);
  const [missing, setMissing] = useState<Missing>({});

  const focus = (name: string) => form.current?.querySelector<HTMLInputElement>(`input[name="${name}"]`)?.focus();

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isPending || isDisabled) return;
    const data = new FormData(event.currentTarget);
    const read = (name: string) => String(data.get(name) ?? '');
    const [email, password, otp] = [read('email').trim(), read('password'), read('otp').replace(/\s/g, '')];
    const lacks: Missing = { ...(email === '' && { email: true }), ...(password === '' && { password: true }), ...(asksCode && otp === '' && { otp: true }) };
    setMissing(lacks);
    const first = Object.keys(lacks)[0];
    if (first !== undefined) return focus(first);
    setPending(true);
    setProblem(null);
    const result = await onSubmit(asksCode ? { email, password, otp } : { email, password });
    setPending(false);
    if (result.ok) return;
    const isFirstAsk = result.code === 'OTP_REQUIRED' && !asksCode;
    if (isFirstAsk) setAsksCode(true);
    else setProblem({ code: result.code, details: result.details });
    if (result.code === 'CREDENTIALS_INVALID') focus('password');
    if (result.code === 'OTP_REQUIRED' && asksCode) focus('otp');
  };

  return (
    <form ref={form} className="lk-stack sign-in-form" noValidate onSubmit={(event) => void submit(event)}>
      <TextField label={common('signIn.email')} type="email" name="email" autoComplete="username" defaultValue={initialEmail} autoFocus={initialEmail === ''} error={missing.email && t('signIn.emailMissing')} />
      <PasswordField
        label={common('signIn.password')} name="password" autoComplete="current-password" autoFocus={initialEmail !== ''} error={missing.password && t('signIn.passwordMissing')}
        showLabel={common('signIn.showPassword')} hideLabel={common('signIn.hidePassword')}
      />
      {asksCode && (
        <TextField label={common('signIn.otp')} name="otp" autoComplete="one-time-code" inputMode="numeric" autoFocus description={t('signIn.otpText')} error={missing.otp && t('signIn.otpMissing')} />
      )}
      <FormError>{problem !== null && <ProblemText problem={problem} />}</FormError>
      <Button type="submit" variant="primary" size="large" isFullWidth isPending={isPending} isDisabled={isDisabled} pendingLabel={t('signIn.pending')}>{t('signIn.submit')}</Button>
    </form>
  );
};
