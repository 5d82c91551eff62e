import type { Problem } from '../../src-shared/desktop.ts';
import { useCommonWords } from '../messages/words.ts';
import { ProblemText } from '../problem/ProblemNote.tsx';
import { FormError, PasswordField } from '../ui/index.ts';
import { useWords } from './words.ts';

export type OwnPasswordFieldProps = {
  readonly value: string;
  readonly onChange: (password: string) => void;
  readonly error?: string | undefined;
  readonly label?: string | undefined;
  readonly autoFocus?: boolean | undefined;
};

/** The password one signs in with, asked for again before something that matters. */
export const OwnPasswordField = ({ value, onChange, error, label, autoFocus = false }: OwnPasswordFieldProps) => {
  const t = useWords();
  const common = useCommonWords();
  return (
    <PasswordField
      label={label ?? t('password')} name="password" autoComplete="current-password" value={value} onChange={onChange} error={error} autoFocus={autoFocus}
      showLabel={common('signIn.showPassword')} hideLabel={common('signIn.hidePassword')}
    />
  );
};

/** A refusal that does not belong to one field. */
export const Refused = ({ problem, except = [] }: { readonly problem: Problem | null; readonly except?: readonly Problem['code'][] }) => (
  <FormError>{problem !== null && !except.includes(problem.code) && <ProblemText problem={problem} />}</FormError>
);
