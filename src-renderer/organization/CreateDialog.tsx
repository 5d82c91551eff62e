import { useState } from 'react';
import type { FormEvent } from 'react';
import { useLocation } from 'wouter';
import type { ClusterLocation } from '../../src-shared/http/schema.ts';
import { organizationPath, useAct, usePerson } from '../authority/index.ts';
import { useCommonWords } from '../messages/words.ts';
import { Button, Dialog, FormError, notify, TextField } from '../ui/index.ts';
import { ClusterChoice } from './ClusterChoice.tsx';
import { Refused } from './Refused.tsx';
import { useOrganizationWords } from './words.ts';

const FORM = 'create-organization';

export const CreateDialog = ({ onClose }: { readonly onClose: () => void }) => {
  const t = useOrganizationWords();
  const common = useCommonWords();
  const { refresh } = usePerson();
  const [, navigate] = useLocation();
  const [name, setName] = useState('');
  const [cluster, setCluster] = useState<ClusterLocation>('eu');
  const [isAsked, setAsked] = useState(false);
  const { run, isPending, problem } = useAct('organizations.create');
  const isTooShort = name.trim().length < 2;
  const create = async (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (isTooShort || isPending) return;
    const result = await run({ body: { name: name.trim(), cluster } });
    if (!result.ok) return;
    // First the account, in which the page that follows looks for the organization.
    await refresh();
    onClose();
    notify({ title: t('create.done', { name: result.value.name }), text: t('create.doneText') });
    navigate(organizationPath(result.value.id, 'home'));
  };
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      isBusy={isPending}
      title={t('create.title')}
      actions={(
        <>
          <Button onPress={onClose} isDisabled={isPending}>{common('actions.cancel')}</Button>
          <Button type="submit" form={FORM} variant="primary" isPending={isPending} pendingLabel={t('create.pending')}>{t('create.action')}</Button>
        </>
      )}
    >
      <form id={FORM} className="lk-stack" noValidate onSubmit={(event) => void create(event)}>
        <p className="lk-soft">{t('create.text')}</p>
        <TextField label={t('create.name')} description={t('create.nameText')} value={name} onChange={setName} autoFocus maxLength={100} autoComplete="organization" error={isAsked && isTooShort ? t('create.nameMissing') : undefined} />
        <ClusterChoice label={t('create.cluster')} description={t('clusterNote')} value={cluster} onChange={setCluster} />
        <FormError>{problem !== null && <Refused problem={problem} />}</FormError>
      </form>
    </Dialog>
  );
};
