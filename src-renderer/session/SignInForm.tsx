import { useRef, useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import type { Problem } from '../../src-shared/desktop.ts';
import type { Result } from '../../src-shared/result.ts';
import { useCommonWords } from '../messages/words.ts';
import { ProblemText } from '../problem/ProblemNote.tsx';
import { Button, FormError, PasswordField, TextField } from '../ui/index.ts';
import { SecondStep } from './SecondStep.tsx';
import { methodsOf, sentUntil } from './methods.ts';
import type { Method } from './methods.ts';
import { useSignInWords } from './words.ts';
import './session.css';

export type Credentials = { readonly email: string; readonly password: string; readonly otp?: string };
type Missing = { readonly email?: true; readonly password?: true };
type Step = { readonly email: string; readonly password: string; readonly methods: readonly Method[]; readonly sentUntil: number | null };

export type SignInFormProps = {
  /** On success the page changes; on a refusal its words stand in the form. */
  readonly onSubmit: (credentials: Credentials) => Promise<Result<unknown>>;
  /** Sends the e-mailed code to the person whose password was right. */
  readonly onSendCode: (credentials: Credentials) => Promise<Result<{ readonly expiresAt: number }>>;
  /** The way out for those who forgot their password. */
  readonly forgot?: ReactNode;
  readonly initialEmail?: string | undefined;
  readonly isDisabled?: boolean | undefined;
};

/** E-mail and password; then, when the authority asks for it, a code of a second factor. */
export const SignInForm = ({ onSubmit, onSendCode, forgot, initialEmail = '', isDisabled = false }: SignInFormProps) => {
  const t = useSignInWords();
  const common = useCommonWords();
  const form = useRef<HTMLFormElement>(null);
  const [email, setEmail] = useState(initialEmail);
  const [isPending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [missing, setMissing] = useState<Missing>({});
  const [step, setStep] = useState<Step | null>(null);

  const focus = (name: string) => form.current?.querySelector<HTMLInputElement>(`input[name="${name}"]`)?.focus();

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isPending || isDisabled) return;
    const data = new FormData(event.currentTarget);
    const given = { email: String(data.get('email') ?? '').trim(), password: String(data.get('password') ?? '') };
    const lacks: Missing = { ...(given.email === '' && { email: true }), ...(given.password === '' && { password: true }) };
    setMissing(lacks);
    const first = Object.keys(lacks)[0];
    if (first !== undefined) return focus(first);
    setPending(true);
    setProblem(null);
    const result = await onSubmit(given);
    setPending(false);
    if (result.ok) return;
    if (result.code === 'OTP_REQUIRED') return setStep({ ...given, methods: methodsOf(result.details), sentUntil: sentUntil(result.details) });
    setProblem({ code: result.code, details: result.details });
    if (result.code === 'CREDENTIALS_INVALID') focus('password');
  };

  if (step !== null) {
    const { methods, sentUntil: until, ...credentials } = step;
    const leave = (why: Problem | null) => {
      setStep(null);
      setProblem(why);
    };
    return <SecondStep credentials={credentials} methods={methods} sentUntil={until} onSubmit={onSubmit} onSendCode={onSendCode} onLeave={leave} isDisabled={isDisabled} />;
  }
  return (
    <form ref={form} className="lk-stack sign-in-form" noValidate onSubmit={(event) => void submit(event)}>
      <TextField
        label={common('signIn.email')} type="email" name="email" autoComplete="username" value={email} onChange={setEmail} autoFocus={initialEmail === ''}
        error={missing.email && t('emailMissing')}
      />
      <PasswordField
        label={common('signIn.password')} name="password" autoComplete="current-password" autoFocus={initialEmail !== ''} error={missing.password && t('passwordMissing')}
        showLabel={common('signIn.showPassword')} hideLabel={common('signIn.hidePassword')}
      />
      <FormError>{problem !== null && <ProblemText problem={problem} />}</FormError>
      <Button type="submit" variant="primary" size="large" isFullWidth isPending={isPending} isDisabled={isDisabled} pendingLabel={t('pending')}>{t('submit')}</Button>
      {forgot !== undefined && <div className="sign-in-forgot">{forgot}</div>}
    </form>
  );
};
