import { FileDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Lease } from '../../../src-shared/lease.ts';
import { Banner, Button, KeyValueList, Time } from '../../ui/index.ts';
import { acceptProof } from './exchange.ts';

export type ProofFormProps = { readonly lease: Lease | null; readonly isAgain: boolean; readonly isWorking: boolean; readonly putAside: ReactNode };

/** What a release proof gives back, and the way to accept it. */
export const ProofForm = ({ lease, isAgain, isWorking, putAside }: ProofFormProps) => {
  const { t, i18n } = useTranslation(['portal', 'common']);
  return (
    <div className="lk-stack">
      {lease !== null && (
        <KeyValueList
          layout="columns"
          items={[
            { key: 'product', term: t('leases.product'), value: <>{lease.product.name}{lease.edition !== null && <span className="lk-soft"> {lease.edition}</span>}</> },
            { key: 'organization', term: t('proof.organization'), value: lease.organization.name },
            { key: 'holder', term: t('proof.holder'), value: lease.holder?.name ?? t('proof.noHolder') },
            { key: 'mode', term: t('leases.mode'), value: t(lease.mode === 'offline' ? 'common:mode.Offline' : 'common:mode.Online') },
            { key: 'until', term: t('leases.until'), value: <Time seconds={lease.until} locale={i18n.language} /> },
          ]}
        />
      )}
      <Banner tone="info" title={isAgain ? t('proof.again') : t('proof.effect')}>{isAgain ? t('proof.againText') : t('proof.effectText')}</Banner>
      <div className="portal-step-actions">
        {putAside}
        <Button variant="primary" icon={<FileDown aria-hidden="true" />} isPending={isWorking} pendingLabel={t('proof.pending')} onPress={() => void acceptProof()}>
          {isAgain ? t('proof.sameReceipt') : t('proof.confirm')}
        </Button>
      </div>
    </div>
  );
};
