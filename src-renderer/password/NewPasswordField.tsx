import { useDeferredValue, useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { password as german } from '../messages/de/password.ts';
import { password as english } from '../messages/en/password.ts';
import { pageWords, useCommonWords } from '../messages/words.ts';
import { PasswordField } from '../ui/index.ts';
import { loadJudge } from './strength.ts';
import type { Judge, Strength } from './strength.ts';
import './password.css';

const useWords = pageWords('password', { en: english, de: german });

export type NewPasswordFieldProps = {
  readonly value: string;
  readonly onChange: (password: string) => void;
  /** Words that it must not be built around: the name and the e-mail address. */
  readonly own: readonly string[];
  readonly name?: string | undefined;
  readonly label?: string | undefined;
  readonly error?: ReactNode;
  readonly autoFocus?: boolean | undefined;
};

/** A password that is being chosen, with how hard it is to guess. The authority judges it again. */
export const NewPasswordField = ({ value, onChange, own, name = 'new-password', label, error, autoFocus = false }: NewPasswordFieldProps) => {
  const t = useWords();
  const common = useCommonWords();
  const judge = useJudge(value !== '');
  const typed = useDeferredValue(value);
  const strength = judge === null || typed === '' ? null : judge(typed, own);
  return (
    <div className="new-password">
      <PasswordField
        label={label ?? t('new')} name={name} autoComplete="new-password" value={value} onChange={onChange} error={error} autoFocus={autoFocus} maxLength={1024}
        description={t('hint')} showLabel={common('signIn.showPassword')} hideLabel={common('signIn.hidePassword')}
      />
      <Meter strength={strength} />
    </div>
  );
};

/** Without the lists (they could not be fetched) there is no meter, and the authority still judges. */
const useJudge = (isWanted: boolean): Judge | null => {
  const [judge, setJudge] = useState<Judge | null>(null);
  useEffect(() => {
    if (isWanted) loadJudge().then((loaded) => setJudge(() => loaded), () => undefined);
  }, [isWanted]);
  return judge;
};

const Meter = ({ strength }: { readonly strength: Strength | null }) => {
  const t = useWords();
  return (
    <div className="password-meter" data-score={strength?.score}>
      <div className="password-meter-bars" aria-hidden="true">{[1, 2, 3, 4].map((bar) => <span key={bar} data-on={(strength !== null && bar <= Math.max(1, strength.score)) || undefined} />)}</div>
      <p role="status">{strength !== null && <>{t('strength')}: <strong>{t(`scores.${strength.score}`)}</strong>{strength.why !== null && <>. {t(`why.${strength.why}`)}</>}</>}</p>
    </div>
  );
};
