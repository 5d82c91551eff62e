import { useState } from 'react';
import type { Organization } from '../../src-shared/http/organizations.ts';
import { useAct, useQuery } from '../authority/index.ts';
import { useLast, usePaging } from '../holdings/paging.ts';
import { useCommonWords } from '../messages/words.ts';
import { ProblemNote } from '../problem/ProblemNote.tsx';
import { ConfirmDialog, notify, PasswordField, RadioGroup, SearchField, Skeleton } from '../ui/index.ts';
import { Refused } from './Refused.tsx';
import { useOrganizationWords } from './words.ts';

const SHOWN = 8;

export type OfferDialogProps = { readonly organization: Organization; readonly onClose: () => void; readonly onChange: () => Promise<unknown> };

/** Offers the ownership to a member; nothing changes until they accept. */
export const OfferDialog = ({ organization: { id }, onClose, onChange }: OfferDialogProps) => {
  const t = useOrganizationWords();
  const common = useCommonWords();
  const paging = usePaging(SHOWN + 1);
  const query = useQuery('people.list', { params: { organization: id }, query: paging.query });
  const list = useLast(query.value, id);
  const [chosen, setChosen] = useState<{ readonly id: string; readonly name: string; readonly email: string } | null>(null);
  const [password, setPassword] = useState('');
  const { run, isPending, problem } = useAct('organizations.offerOwnership');
  const members = list?.people.filter((person) => !person.you && person.role !== 'owner').slice(0, SHOWN) ?? null;
  // Who was chosen stays to be seen when another search does not find them.
  const options = members === null ? [] : [...(chosen === null || members.some((each) => each.id === chosen.id) ? [] : [chosen]), ...members];

  const offer = async () => {
    if (chosen === null) return;
    const result = await run({ params: { organization: id }, body: { to: chosen.id, password } });
    if (!result.ok) return;
    notify({ title: t('settings.offered', { name: chosen.name }), text: t('settings.offeredText') });
    onClose();
    await onChange();
  };
  return (
    <ConfirmDialog
      isOpen
      onOpenChange={onClose}
      title={t('settings.offer')}
      confirmLabel={t('settings.offerAction')}
      cancelLabel={common('actions.cancel')}
      isPending={isPending}
      pendingLabel={t('settings.offering')}
      isConfirmDisabled={chosen === null || password === ''}
      onConfirm={() => void offer()}
      error={problem !== null && <Refused problem={problem} />}
    >
      <div className="lk-stack">
        <p>{t('settings.ownershipText')}</p>
        <SearchField label={t('settings.offerSearch')} placeholder={t('settings.offerSearch')} value={paging.search} onChange={paging.setSearch} />
        {query.problem !== null && <ProblemNote problem={query.problem} live="status" />}
        {members === null && query.problem === null && <Skeleton lines={3} />}
        {members !== null && options.length === 0 && <p className="lk-soft" role="status">{t('settings.noMembers')}</p>}
        {options.length > 0 && (
          <RadioGroup
            label={t('settings.offerTo')}
            value={chosen?.id ?? null}
            onChange={(next) => setChosen(options.find((each) => each.id === next) ?? null)}
            options={options.map((each) => ({ id: each.id, label: each.name, text: each.email }))}
          />
        )}
        <PasswordField label={t('settings.password')} description={t('settings.passwordText')} autoComplete="current-password" value={password} onChange={setPassword} showLabel={common('signIn.showPassword')} hideLabel={common('signIn.hidePassword')} />
      </div>
    </ConfirmDialog>
  );
};
