import { Building2, PackageOpen, RefreshCw } from 'lucide-react';
import { useEffect } from 'react';
import { DesktopPage } from '../desktop/DesktopPage.tsx';
import { paths } from '../desktop/paths.ts';
import { useAction, useDesktop, useDesktopState } from '../desktop/use-desktop.ts';
import { useWords } from '../desktop/words.ts';
import { useCommonWords } from '../messages/words.ts';
import { ProblemNote, useProblemWords } from '../problem/ProblemNote.tsx';
import { Banner, Button, EmptyState, IconButton, Link, Select, Skeleton, copyText, notify } from '../ui/index.ts';
import { PickerList } from './PickerList.tsx';
import './picker.css';

export type PickerPageProps = {
  /** The lease that is given up for the one chosen. */
  readonly insteadOf: string | null;
};

/** The licenses that the person may use, and why not. */
export const PickerPage = ({ insteadOf }: PickerPageProps) => {
  const t = useWords();
  const common = useCommonWords();
  const problemWords = useProblemWords();
  const picker = useDesktopState((state) => state.picker);
  const account = useDesktopState((state) => state.account);
  const former = useDesktopState((state) => state.former);
  const leases = useDesktopState((state) => state.leases);
  const { call } = useDesktop();
  const { run: refresh, isPending } = useAction('picker.refresh');
  const replaced = leases.find(({ id }) => id === insteadOf) ?? null;

  // Whoever comes to pick wants to know what is free now, not what was free at the last look.
  useEffect(() => {
    void call('picker.refresh', null);
  }, [call]);

  const organizations = account?.organizations ?? [];
  const refreshButton = <Button icon={<RefreshCw aria-hidden="true" />} isPending={isPending} pendingLabel={t('picker.refreshing')} onPress={() => void refresh(null)}>{t('picker.refresh')}</Button>;
  const wayOut = picker.problem?.code === 'AUTHORITY_UNREACHABLE' ? <Link href={paths.exchange} variant="button">{t('nav.exchange')}</Link> : refreshButton;
  const hasList = picker.asOf !== null && picker.entitlements.length > 0;
  return (
    <DesktopPage
      title={t(replaced === null ? 'picker.title' : 'picker.changeTitle')}
      subtitle={!hasList ? undefined : replaced === null ? t('picker.subtitle') : t('picker.changeSubtitle', { product: replaced.product.name })}
      width="wide"
      isFixed
      actions={(
        <>
          <Organizations />
          <IconButton variant="secondary" label={t(isPending ? 'picker.refreshing' : 'picker.refresh')} icon={<RefreshCw aria-hidden="true" />} isPending={isPending || picker.loading} onPress={() => void refresh(null)} />
        </>
      )}
    >
      <div className="picker">
        {picker.problem !== null && (picker.asOf === null
          ? <ProblemNote problem={picker.problem} tone="warn" live="status" action={wayOut} />
          : <Banner tone="warn" live="status" title={t('picker.asOfTitle', { asOf: picker.asOf })} action={wayOut}>{problemWords(picker.problem).title}. {problemWords(picker.problem).next}</Banner>)}
        {account !== null && organizations.length === 0
          ? (
            <EmptyState
              icon={<Building2 />}
              title={former.length > 0 ? t('picker.noOrganization.formerTitle', { organizations: former.join(', ') }) : t('picker.noOrganization.title')}
              text={t(former.length > 0 ? 'picker.noOrganization.formerText' : 'picker.noOrganization.text', { email: account.user.email })}
              action={<><Button onPress={() => void copyText(account.user.email).then((isDone) => isDone && notify({ title: t('details.copied') }))}>{t('picker.noOrganization.copy')}</Button>{refreshButton}</>}
            />
          )
          : picker.asOf === null
            ? picker.problem === null ? <PickerSkeleton /> : <EmptyState icon={<PackageOpen />} title={t('picker.notYet.title')} text={t('picker.notYet.text')} action={<Button onPress={() => void refresh(null)} isPending={isPending}>{common('actions.retry')}</Button>} />
            : picker.entitlements.length === 0
              ? (
                <EmptyState
                  icon={<PackageOpen />}
                  title={t('picker.empty.title', { organization: picker.organization?.name })}
                  text={<>{t('picker.empty.text')} {organizations.length > 1 && t('picker.emptyOther')}</>}
                  action={refreshButton}
                />
              )
              : <PickerList key={picker.organization?.id} entitlements={picker.entitlements} organization={picker.organization?.name ?? ''} replaced={replaced} />}
      </div>
    </DesktopPage>
  );
};

const Organizations = () => {
  const t = useWords();
  const account = useDesktopState((state) => state.account);
  const shown = useDesktopState((state) => state.picker.organization);
  const { run } = useAction('organization.choose');
  if (account === null || account.organizations.length < 2) return shown === null ? null : <span className="lk-soft">{shown.name}</span>;
  return (
    <Select
      label={t('picker.organization')}
      isLabelHidden
      className="picker-organization"
      options={account.organizations.map(({ id, name }) => ({ id, label: name }))}
      value={shown?.id ?? null}
      onChange={(organization) => void run({ organization })}
    />
  );
};

const PickerSkeleton = () => {
  const t = useWords();
  return (
    <div className="picker-skeleton" role="status">
      <span className="lk-hidden-text">{t('picker.loading')}</span>
      <Skeleton height={38} />
      <div className="picker-skeleton-rows">{Array.from({ length: 6 }, (_, row) => <div key={row}><Skeleton lines={2} width="55%" /><Skeleton lines={1} width={96} /></div>)}</div>
    </div>
  );
};
