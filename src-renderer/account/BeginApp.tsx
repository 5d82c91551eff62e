import { useState } from 'react';
import { useAct } from '../authority/index.ts';
import { cleanCode, CodeField } from '../session/CodeField.tsx';
import { useProblemWords } from '../problem/ProblemNote.tsx';
import { CodeBlock } from '../ui/index.ts';
import { FormDialog } from './FormDialog.tsx';
import { Refused } from './OwnPasswordField.tsx';
import { PasswordDialog } from './PasswordDialog.tsx';
import { QrCode } from './QrCode.tsx';
import { RecoveryCodes } from './RecoveryCodes.tsx';
import { useWords } from './words.ts';

type Secret = { readonly secret: string; readonly otpauth: string };

/** The password, then the secret by QR code, then a code of the app, then the recovery codes. */
export const BeginApp = ({ onOn, onClose }: { readonly onOn: () => void; readonly onClose: () => void }) => {
  const t = useWords();
  const [secret, setSecret] = useState<Secret | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const begin = useAct('security.beginApp');
  if (codes !== null) return <RecoveryCodes codes={codes} onDone={onClose} />;
  if (secret !== null) {
    return (
      <Scan
        secret={secret}
        onClose={onClose}
        onOn={(recoveryCodes) => {
          setCodes(recoveryCodes);
          onOn();
        }}
      />
    );
  }
  const ask = async (password: string): Promise<void> => {
    const result = await begin.run({ body: { password } });
    if (result.ok) setSecret(result.value);
  };
  return <PasswordDialog title={t('begin.app')} pendingLabel={t('begin.pending')} isPending={begin.isPending} problem={begin.problem} clear={begin.clear} onPassword={ask} onClose={onClose} />;
};

const Scan = ({ secret: { secret, otpauth }, onOn, onClose }: { readonly secret: Secret; readonly onOn: (codes: readonly string[]) => void; readonly onClose: () => void }) => {
  const t = useWords();
  const words = useProblemWords();
  const { run, isPending, problem, clear } = useAct('security.confirmApp');
  const [otp, setOtp] = useState('');
  const [isTried, setTried] = useState(false);
  const confirm = async (): Promise<void> => {
    setTried(true);
    if (cleanCode(otp) === '') return;
    const result = await run({ body: { otp: cleanCode(otp) } });
    if (result.ok) onOn(result.value.recoveryCodes);
    else if (result.code === 'OTP_INVALID') setOtp('');
  };
  return (
    <FormDialog title={t('begin.app')} submitLabel={t('begin.confirm')} pendingLabel={t('begin.pending')} isPending={isPending} onSubmit={confirm} onClose={onClose}>
      <div className="begin-app">
        <QrCode text={otpauth} label={t('begin.qr')} />
        <div className="lk-stack">
          <div>
            <p className="begin-app-title">{t('begin.scan')}</p>
            <p className="lk-soft lk-small">{t('begin.scanText')}</p>
          </div>
          <div data-secret>
            <p className="lk-soft lk-small">{t('begin.byHand')}</p>
            <CodeBlock text={(secret.match(/.{1,4}/g) ?? []).join(' ')} label={t('begin.byHand')} copyLabel={t('begin.copy')} copiedLabel={t('begin.copied')} />
          </div>
        </div>
      </div>
      <CodeField
        label={t('begin.code')} description={t('begin.codeText')} value={otp} autoFocus
        onChange={(next) => {
          setOtp(next);
          if (next !== '') clear();
          setTried(false);
        }}
        error={isTried && cleanCode(otp) === '' && problem === null ? t('begin.codeMissing') : problem?.code === 'OTP_INVALID' ? words(problem).title : undefined}
      />
      <Refused problem={problem} except={['OTP_INVALID']} />
    </FormDialog>
  );
};
