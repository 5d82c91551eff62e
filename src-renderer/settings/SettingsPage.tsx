import { useEffect, useState } from 'react';
import type { Result } from '../../src-shared/result.ts';
import type { AppSettings } from '../../src-shared/settings.ts';
import { DesktopPage } from '../desktop/DesktopPage.tsx';
import { useApp, useDesktop } from '../desktop/use-desktop.ts';
import { ProblemNote, useProblemWords } from '../problem/ProblemNote.tsx';
import { Banner, Button, Card, notify, RadioGroup, Skeleton, Switch } from '../ui/index.ts';
import { useWords } from './words.ts';

/** What the app does on this computer while nobody looks at it. */
export const SettingsPage = () => {
  const t = useWords();
  const words = useProblemWords();
  const { call } = useDesktop();
  const [read, setRead] = useState<Result<AppSettings> | null>(null);
  useEffect(() => {
    // What the system has turned off meanwhile is seen when the person comes back to the window.
    const look = (): void => void call('settings.read', null).then(setRead);
    look();
    window.addEventListener('focus', look);
    return () => window.removeEventListener('focus', look);
  }, [call]);

  /** Gives what came of it, or null where it was refused. */
  const take = async (asked: Promise<Result<AppSettings>>): Promise<AppSettings | null> => {
    const result = await asked;
    if (result.ok) {
      setRead(result);
      return result.value;
    }
    const { title, next } = words(result);
    notify({ tone: 'danger', title, text: next });
    setRead(await call('settings.read', null));
    return null;
  };
  const setLogin = async (on: boolean): Promise<void> => {
    const now = await take(call('settings.start-at-login', { on }));
    if (now !== null && now.startAtLogin.on !== on) notify({ tone: 'danger', title: t('login.refused.title'), text: t('login.refused.text') });
  };

  return (
    <DesktopPage title={t('title')} subtitle={t('lead')} width="narrow">
      {read === null ? <Skeleton height={220} /> : !read.ok ? <ProblemNote problem={read} /> : (
        <Card title={t('background.title')} text={t('background.text')}>
          <div className="lk-stack">
            <Login settings={read.value} onChange={(on) => void setLogin(on)} />
            <Closing settings={read.value} onChange={(closing) => void take(call('settings.closing', { closing }))} />
          </div>
        </Card>
      )}
    </DesktopPage>
  );
};

const Login = ({ settings: { startAtLogin }, onChange }: { readonly settings: AppSettings; readonly onChange: (on: boolean) => void }) => {
  const t = useWords();
  const { on, locked, blocked } = startAtLogin;
  return (
    <>
      <Switch isSelected={on} isDisabled={locked !== null} onChange={onChange} text={locked === null ? t('login.text') : t(`login.locked.${locked}`)}>{t('login.label')}</Switch>
      {blocked !== null && (
        <Banner
          tone="warn"
          live="status"
          title={t(`login.blocked.${blocked}.title`)}
          {...(blocked === 'task-manager' && locked === null && { action: <Button onPress={() => onChange(true)}>{t('login.blocked.task-manager.action')}</Button> })}
        >
          {t(`login.blocked.${blocked}.text`)}
        </Banner>
      )}
    </>
  );
};

const Closing = ({ settings: { closing, tray }, onChange }: { readonly settings: AppSettings; readonly onChange: (closing: AppSettings['closing']) => void }) => {
  const t = useWords();
  const { platform } = useApp();
  return (
    <RadioGroup
      label={t('closing.label')}
      value={closing}
      onChange={onChange}
      options={[
        { id: 'stay', label: t('closing.stay'), text: t(!tray ? 'closing.stayMinimized' : platform === 'darwin' ? 'closing.stayMenuBar' : 'closing.stayTray') },
        { id: 'quit', label: t('closing.quit'), text: t('closing.quitText') },
      ]}
    />
  );
};
