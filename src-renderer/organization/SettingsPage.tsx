import { useState } from 'react';
import type { Organization } from '../../src-shared/http/organizations.ts';
import { may } from '../../src-shared/role.ts';
import { useOrganization, useQuery } from '../authority/index.ts';
import { Button, Card, KeyValueList } from '../ui/index.ts';
import { DeleteDialog } from './DeleteDialog.tsx';
import { LeaveDialog } from './LeaveDialog.tsx';
import { LegalForm } from './LegalForm.tsx';
import { Offer } from './Offer.tsx';
import { OfferDialog } from './OfferDialog.tsx';
import { OrganizationFrame } from './OrganizationFrame.tsx';
import { useCommonWords } from '../messages/words.ts';
import { useOrganizationWords } from './words.ts';

/** Who the organization is and whose: an owner changes it, hands it over or deletes it; anyone can leave. */
export const SettingsPage = () => {
  const t = useOrganizationWords();
  const { id, name } = useOrganization();
  const query = useQuery('organizations.read', { params: { organization: id } }, { on: ['account', 'entitlements'] });
  return (
    <OrganizationFrame title={t('settings.title')} subtitle={t('settings.subtitle', { name })} width="normal" query={query}>
      {(organization) => (
        <div className="lk-stack">
          <Offer organization={organization} onChange={query.refresh} />
          {may(organization.role, 'organization.edit-legal')
            ? <LegalForm organization={organization} onSaved={(saved) => query.change(() => saved)} />
            : <Facts organization={organization} />}
          <Steps organization={organization} onChange={query.refresh} />
        </div>
      )}
    </OrganizationFrame>
  );
};

const Facts = ({ organization: { name, cluster } }: { readonly organization: Organization }) => {
  const common = useCommonWords();
  const t = useOrganizationWords();
  return <Card title={t('settings.general')}><KeyValueList items={[{ term: t('settings.name'), value: name }, { term: t('settings.cluster'), value: common(`cluster.${cluster}`) }]} /></Card>;
};

type Step = 'offer' | 'leave' | 'delete';

/** The steps that change whose organization it is, each behind its question. */
const Steps = ({ organization, onChange }: { readonly organization: Organization; readonly onChange: () => Promise<unknown> }) => {
  const t = useOrganizationWords();
  const [step, setStep] = useState<Step | null>(null);
  const close = () => setStep(null);
  const { role, name } = organization;
  return (
    <>
      {may(role, 'organization.transfer') && organization.transfer === null && (
        <Card title={t('settings.ownership')} actions={<Button onPress={() => setStep('offer')}>{t('settings.offer')}</Button>}><p className="lk-soft">{t('settings.ownershipText')}</p></Card>
      )}
      <Card title={t('settings.leave')} actions={<Button onPress={() => setStep('leave')}>{t('settings.leave')}</Button>}><p className="lk-soft">{t('settings.leaveText')}</p></Card>
      {may(role, 'organization.delete') && (
        <Card title={t('settings.delete')} actions={<Button variant="danger" onPress={() => setStep('delete')}>{t('settings.delete')}</Button>}><p className="lk-soft">{t('settings.deleteText', { name })}</p></Card>
      )}
      {step === 'offer' && <OfferDialog organization={organization} onClose={close} onChange={onChange} />}
      {step === 'leave' && <LeaveDialog organization={organization} onClose={close} />}
      {step === 'delete' && <DeleteDialog organization={organization} onClose={close} />}
    </>
  );
};
