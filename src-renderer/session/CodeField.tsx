import { TextField } from '../ui/index.ts';

export type CodeFieldProps = {
  readonly label: string;
  readonly value: string;
  readonly onChange: (code: string) => void;
  readonly description?: string | undefined;
  readonly error?: string | undefined;
  /** `recovery` brings up letters, too, and is not offered from messages. */
  readonly kind?: 'digits' | 'recovery' | undefined;
  readonly autoFocus?: boolean | undefined;
};

/** A code as it is pasted or typed: apps and mails set spaces into it. */
export const cleanCode = (code: string): string => code.replace(/\s/g, '');

/** One field for a one-time code, so that it can be pasted and filled in by the system. */
export const CodeField = ({ label, value, onChange, description, error, kind = 'digits', autoFocus = false }: CodeFieldProps) => (
  <TextField
    label={label} name="otp" className="code-field" autoComplete={kind === 'digits' ? 'one-time-code' : 'off'} inputMode={kind === 'digits' ? 'numeric' : 'text'} spellCheck="false"
    maxLength={64} isMonospace value={value} onChange={onChange} description={description} error={error} autoFocus={autoFocus}
  />
);
