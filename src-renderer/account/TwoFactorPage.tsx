import { Mail, Smartphone } from 'lucide-react';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { usePerson, useQuery } from '../authority/index.ts';
import { Badge, Button, Card, notify } from '../ui/index.ts';
import { BeginApp } from './BeginApp.tsx';
import { BeginEmail, EndFactor } from './EmailCode.tsx';
import { Loaded } from './Loaded.tsx';
import { useWords } from './words.ts';

/** So few recovery codes that it is time for new ones. */
const FEW = 3;

type Asked = { readonly what: 'begin' | 'end'; readonly method: 'app' | 'email' };

/** Which second factors are asked for, and turning each on and off. */
export const TwoFactorPage = () => {
  const t = useWords();
  const { email } = usePerson().account.user;
  const factors = useQuery('security.secondFactors', {}, { on: ['account'] });
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = (): void => setAsked(null);
  const toggle = (method: Asked['method'], isOn: boolean): ReactNode =>
    <Button onPress={() => setAsked({ what: isOn ? 'end' : 'begin', method })} aria-label={`${t(isOn ? 'factor.turnOff' : 'factor.turnOn')}: ${t(`factor.${method}.title`)}`}>{t(isOn ? 'factor.turnOff' : 'factor.turnOn')}</Button>;
  return (
    <Loaded query={factors}>
      {(value) => (
        <>
          <Card title={t('factor.title')} text={t('factor.intro')} padding="flush">
            <ul className="account-rows">
              <Factor icon={<Smartphone aria-hidden="true" />} title={t('factor.app.title')} text={t('factor.app.text')} isOn={value.app} action={toggle('app', value.app)}>
                {value.app && (
                  <p className="lk-small factor-codes">
                    {t('factor.recovery')}: <Badge tone={value.recoveryCodesLeft < FEW ? 'warn' : 'neutral'}>{t('factor.left', { count: value.recoveryCodesLeft })}</Badge>{' '}
                    <span className="lk-soft">{t(value.recoveryCodesLeft < FEW ? 'factor.leftFew' : 'factor.leftText')}</span>
                  </p>
                )}
              </Factor>
              <Factor icon={<Mail aria-hidden="true" />} title={t('factor.email.title')} text={t('factor.email.text', { email })} isOn={value.email} action={toggle('email', value.email)} />
            </ul>
          </Card>
          {value.app && value.email && <p className="lk-soft lk-small">{t('factor.both')}</p>}
          {asked?.what === 'begin' && asked.method === 'app' && (
            <BeginApp
              onClose={close}
              onOn={() => {
                void factors.refresh();
                notify({ title: t('factor.app.on') });
              }}
            />
          )}
          {asked?.what === 'begin' && asked.method === 'email' && (
            <BeginEmail
              onClose={close}
              onOn={(next) => {
                factors.change(() => next);
                notify({ title: t('factor.email.on') });
                close();
              }}
            />
          )}
          {asked?.what === 'end' && (
            <EndFactor
              method={asked.method}
              factors={value}
              onClose={close}
              onOff={(next) => {
                factors.change(() => next);
                notify({ title: t(`factor.${asked.method}.off`) });
                close();
              }}
            />
          )}
        </>
      )}
    </Loaded>
  );
};

type FactorProps = { readonly icon: ReactNode; readonly title: string; readonly text: string; readonly isOn: boolean; readonly action: ReactNode; readonly children?: ReactNode };

const Factor = ({ icon, title, text, isOn, action, children }: FactorProps) => {
  const t = useWords();
  return (
    <li className="account-row">
      <span className="account-row-icon">{icon}</span>
      <div className="account-row-words">
        <p className="account-row-title">{title} <Badge tone={isOn ? 'ok' : 'neutral'} hasDot>{t(isOn ? 'factor.on' : 'factor.off')}</Badge></p>
        <p className="lk-soft lk-small">{text}</p>
        {children}
      </div>
      {action}
    </li>
  );
};
