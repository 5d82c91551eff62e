import { useState } from 'react';
import { useLocation } from 'wouter';
import type { Organization } from '../../src-shared/http/organizations.ts';
import type { Lease } from '../../src-shared/lease.ts';
import { organizationPath, organizationsPath, useAct, usePerson, useQuery } from '../authority/index.ts';
import { useCommonWords, useLanguage } from '../messages/words.ts';
import { ProblemNote } from '../problem/ProblemNote.tsx';
import { Banner, Button, Dialog, FormError, Link, notify, Spinner, Table, TextField, Time } from '../ui/index.ts';
import type { TableColumn } from '../ui/index.ts';
import { Refused } from './Refused.tsx';
import { useOrganizationWords } from './words.ts';

export type DeleteDialogProps = { readonly organization: Organization; readonly onClose: () => void };

/** Deletes an organization for good, once its name is typed; while a license is in use it shows which, and how they come back. */
export const DeleteDialog = ({ organization: { id, name }, onClose }: DeleteDialogProps) => {
  const t = useOrganizationWords();
  const common = useCommonWords();
  const { refresh } = usePerson();
  const [, navigate] = useLocation();
  const out = useQuery('organizations.leases', { params: { organization: id } }, { on: ['entitlements', 'lease'] });
  const { run, isPending, problem } = useAct('organizations.remove');
  const [typed, setTyped] = useState('');
  const leases = out.value?.leases ?? null;
  const isFree = leases !== null && leases.length === 0;

  const remove = async () => {
    const result = await run({ params: { organization: id }, body: { name: typed } });
    // A license may have been taken while one was typing.
    if (!result.ok) return void out.refresh();
    onClose();
    notify({ title: t('settings.deleted', { name }) });
    navigate(organizationsPath);
    await refresh();
  };
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      isBusy={isPending}
      role="alertdialog"
      title={t('settings.deleteTitle', { name })}
      actions={(
        <>
          <Button onPress={onClose} isDisabled={isPending} autoFocus>{common('actions.cancel')}</Button>
          <Button variant="danger" isPending={isPending} pendingLabel={t('settings.deleting')} isDisabled={!isFree || typed !== name} onPress={() => void remove()}>{t('settings.delete')}</Button>
        </>
      )}
    >
      <div className="lk-stack">
        <p>{t('settings.deleteText', { name })}</p>
        {leases === null && out.problem === null && <Spinner label={t('settings.checking')} isLabelVisible />}
        {leases === null && out.problem !== null && <ProblemNote problem={out.problem} live="alert" action={<Button size="small" onPress={() => void out.refresh()}>{common('actions.retry')}</Button>} />}
        {leases !== null && leases.length > 0 && <LeasesOut leases={leases} organization={id} onGo={onClose} />}
        {isFree && <TextField label={t('settings.deleteType', { name })} value={typed} onChange={setTyped} autoComplete="off" />}
        <FormError>{problem !== null && isFree && <Refused problem={problem} />}</FormError>
      </div>
    </Dialog>
  );
};

const LeasesOut = ({ leases, organization, onGo }: { readonly leases: readonly Lease[]; readonly organization: string; readonly onGo: () => void }) => {
  const t = useOrganizationWords();
  const common = useCommonWords();
  const locale = useLanguage();
  const columns: readonly TableColumn<Lease>[] = [
    { id: 'product', header: t('settings.product'), isRowHeader: true, cell: ({ product, mode }) => <>{product.name} <span className="lk-soft">{common(`mode.${mode}`)}</span></> },
    { id: 'machine', header: t('settings.machine'), cell: ({ machine }) => machine.name },
    { id: 'holder', header: t('settings.holder'), cell: ({ holder }) => holder?.name ?? <span className="lk-soft">{t('settings.nobody')}</span> },
    { id: 'until', header: t('settings.until'), cell: ({ busyUntil }) => <Time seconds={busyUntil} locale={locale} /> },
  ];
  return (
    <>
      <Banner tone="warn" title={t('settings.leasesOut', { count: leases.length })} action={<Link variant="button" href={organizationPath(organization, 'machines')} onPress={onGo}>{t('settings.toMachines')}</Link>}>{t('settings.leasesText')}</Banner>
      <div className="leases-out"><Table label={t('settings.leasesList')} columns={columns} rows={leases} rowKey={({ id }) => id} /></div>
    </>
  );
};
