import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { useLocation } from 'wouter';
import { organizationPath, useAct } from '../authority/index.ts';
import { languageOf } from '../messages/language.ts';
import { useLanguage } from '../messages/words.ts';
import { NewPasswordField } from '../password/NewPasswordField.tsx';
import { signIn } from '../portal/session/session.ts';
import { ProblemText, useProblemWords } from '../problem/ProblemNote.tsx';
import { Button, Card, Checkbox, FormError, notify, TextField } from '../ui/index.ts';
import type { Invitation } from './Offered.tsx';
import { TermsDialog } from './TermsDialog.tsx';
import { useInvitationWords } from './words.ts';

const documents = ['agreement', 'privacy'] as const;
type Document = (typeof documents)[number];

export type SignUpFormProps = { readonly token: string; readonly invitation: Invitation; readonly onEnded: () => void; readonly children: ReactNode };

/** Creates the account that the invitation was sent to, and joins with it. */
export const SignUpForm = ({ token, invitation: { organization, email, terms }, onEnded, children }: SignUpFormProps) => {
  const t = useInvitationWords();
  const words = useProblemWords();
  const locale = useLanguage();
  const [, navigate] = useLocation();
  const [firstName, setFirstName] = useState('');
  const [lastName, setLastName] = useState('');
  const [password, setPassword] = useState('');
  const [accepted, setAccepted] = useState<Readonly<Record<Document, boolean>>>({ agreement: false, privacy: false });
  const [reading, setReading] = useState<Document | null>(null);
  const [isAsked, setAsked] = useState(false);
  const { run, isPending, problem, clear } = useAct('people.signUp');

  const isMissing = (text: string): boolean => isAsked && text.trim() === '';
  const isWeak = problem?.code === 'PASSWORD_WEAK';
  const create = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    setAsked(true);
    if (isPending) return;
    if (firstName.trim() === '' || lastName.trim() === '' || password === '' || !accepted.agreement || !accepted.privacy) {
      setTimeout(() => form.querySelector<HTMLElement>('input[aria-invalid="true"]')?.focus());
      return;
    }
    const result = await run({ body: { token, firstName: firstName.trim(), lastName: lastName.trim(), password, accepts: terms, locale: languageOf(locale) } });
    if (!result.ok) {
      if (result.code === 'INVITE_ENDED') onEnded();
      return;
    }
    const done = await signIn({ email, password, otp: null });
    notify({ title: t('joined', { organization: organization.name }) });
    // Where signing in at once is not possible the sign-in page stands at that address.
    navigate(done.ok ? organizationPath(result.value.organization, 'home') : '/');
  };
  const edit = (set: (text: string) => void) => (text: string) => {
    clear();
    set(text);
  };
  return (
    <Card title={t('signUp.title')} text={t('signUp.text', { email })}>
      <form className="lk-stack" noValidate onSubmit={(event) => void create(event)}>
        <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
        <div className="sign-up-names">
          <TextField label={t('signUp.firstName')} autoComplete="given-name" maxLength={100} value={firstName} onChange={edit(setFirstName)} autoFocus isRequired error={isMissing(firstName) ? t('signUp.missing') : undefined} />
          <TextField label={t('signUp.lastName')} autoComplete="family-name" maxLength={100} value={lastName} onChange={edit(setLastName)} isRequired error={isMissing(lastName) ? t('signUp.missing') : undefined} />
        </div>
        <NewPasswordField
          label={t('signUp.password')}
          value={password}
          onChange={edit(setPassword)}
          own={[firstName, lastName, email]}
          error={isWeak ? `${words(problem).text} ${words(problem).next}` : isMissing(password) ? t('signUp.passwordMissing') : undefined}
        />
        {documents.map((document) => (
          <div key={document} className="sign-up-terms">
            <Checkbox
              isSelected={accepted[document]}
              isInvalid={isAsked && !accepted[document]}
              onChange={(next) => setAccepted((old) => ({ ...old, [document]: next }))}
              text={isAsked && !accepted[document] ? <span className="sign-up-missing">{t('signUp.mustAccept')}</span> : t('signUp.version', { version: terms[document] })}
            >
              {t(`signUp.${document}`)}
            </Checkbox>
            <Button variant="quiet" size="small" onPress={() => setReading(document)}>{t(document === 'agreement' ? 'signUp.readAgreement' : 'signUp.readPrivacy')}</Button>
          </div>
        ))}
        <FormError>{problem !== null && !isWeak && (problem.code === 'CONFLICT' ? t('signUp.taken') : <ProblemText problem={problem} />)}</FormError>
        <div className="lk-row">
          <Button type="submit" variant="primary" size="large" isPending={isPending} pendingLabel={t('signUp.pending')}>{t('signUp.action')}</Button>
          {children}
        </div>
      </form>
      {reading !== null && <TermsDialog document={reading} onClose={() => setReading(null)} />}
    </Card>
  );
};
