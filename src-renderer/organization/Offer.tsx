import { useState } from 'react';
import { Trans } from 'react-i18next';
import type { Organization } from '../../src-shared/http/organizations.ts';
import { may } from '../../src-shared/role.ts';
import { useAct, usePerson } from '../authority/index.ts';
import { useCommonWords, useLanguage } from '../messages/words.ts';
import { useProblemWords } from '../problem/ProblemNote.tsx';
import { Banner, Button, ConfirmDialog, notify, PasswordField, PastTime } from '../ui/index.ts';
import { Refused } from './Refused.tsx';
import { useOrganizationWords } from './words.ts';

export type OfferProps = { readonly organization: Organization; readonly onChange: () => Promise<unknown> };

/** An offer of ownership that waits: to be accepted or declined by whom it is for, withdrawn by who made it. */
export const Offer = ({ organization, onChange }: OfferProps) => {
  const t = useOrganizationWords();
  const locale = useLanguage();
  const words = useProblemWords();
  const { account } = usePerson();
  const [isAccepting, setAccepting] = useState(false);
  const end = useAct('organizations.endOffer');
  const { transfer } = organization;
  if (transfer === null || (!transfer.yours && !may(organization.role, 'organization.transfer'))) return null;

  const finish = async (done: string) => {
    const result = await end.run({ params: { organization: organization.id } });
    if (!result.ok) {
      const { title, next } = words({ code: result.code, details: result.details });
      notify({ tone: 'danger', title, text: next });
    } else {
      notify({ title: done });
    }
    await onChange();
  };
  const names = { from: transfer.from.name, to: transfer.to.name };
  if (!transfer.yours) {
    return (
      <Banner
        tone="info"
        title={t('settings.waiting', names)}
        {...(transfer.from.id === account.user.id && { action: <Button size="small" isPending={end.isPending} onPress={() => void finish(t('settings.withdrawn'))}>{t('settings.withdraw')}</Button> })}
      >
        <Trans ns="organization" i18nKey="settings.waitingText" values={names} components={{ at: <PastTime seconds={transfer.at} locale={locale} /> }} />
      </Banner>
    );
  }
  return (
    <>
      <Banner
        tone="warn"
        title={t('settings.yours', names)}
        action={(
          <span className="lk-row">
            <Button size="small" isPending={end.isPending} onPress={() => void finish(t('settings.declined'))}>{t('settings.decline')}</Button>
            <Button size="small" variant="primary" onPress={() => setAccepting(true)}>{t('settings.accept')}</Button>
          </span>
        )}
      >
        {t('settings.yoursText', names)}
      </Banner>
      {isAccepting && <AcceptDialog organization={organization} onClose={() => setAccepting(false)} onChange={onChange} />}
    </>
  );
};

const AcceptDialog = ({ organization, onClose, onChange }: OfferProps & { readonly onClose: () => void }) => {
  const t = useOrganizationWords();
  const common = useCommonWords();
  const { refresh } = usePerson();
  const [password, setPassword] = useState('');
  const { run, isPending, problem } = useAct('organizations.acceptOwnership');
  const accept = async () => {
    const result = await run({ params: { organization: organization.id }, body: { password } });
    if (!result.ok) return;
    notify({ title: t('settings.accepted', { name: organization.name }) });
    onClose();
    await Promise.all([refresh(), onChange()]);
  };
  return (
    <ConfirmDialog
      isOpen
      onOpenChange={onClose}
      title={t('settings.acceptTitle', { name: organization.name })}
      confirmLabel={t('settings.accept')}
      cancelLabel={common('actions.cancel')}
      isPending={isPending}
      pendingLabel={t('settings.accepting')}
      isConfirmDisabled={password === ''}
      onConfirm={() => void accept()}
      error={problem !== null && <Refused problem={problem} />}
    >
      <div className="lk-stack">
        <p>{t('settings.yoursText', { from: organization.transfer?.from.name })}</p>
        <PasswordField label={t('settings.password')} description={t('settings.passwordText')} autoComplete="current-password" value={password} onChange={setPassword} showLabel={common('signIn.showPassword')} hideLabel={common('signIn.hidePassword')} />
      </div>
    </ConfirmDialog>
  );
};
