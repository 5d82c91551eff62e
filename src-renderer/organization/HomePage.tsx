import { Building2, UserPlus, Users } from 'lucide-react';
import { useState } from 'react';
import type { Organization } from '../../src-shared/http/organizations.ts';
import { may } from '../../src-shared/role.ts';
import { organizationPath, useOrganization, useQuery } from '../authority/index.ts';
import { useCommonWords, useLanguage } from '../messages/words.ts';
import { lateDialog } from '../navigation/late.tsx';
import { Badge, Button, Card, EmptyState, KeyValueList, Link, Skeleton, Time } from '../ui/index.ts';
import { CopiedMachines } from './CopiedMachines.tsx';
import { OrganizationFrame } from './OrganizationFrame.tsx';
import { Offer } from './Offer.tsx';
import { WaitingRequests } from './WaitingRequests.tsx';
import { useOrganizationWords } from './words.ts';

/** Asked for now and then: kept out of the portal's first page. */
const InviteDialog = lateDialog(() => import('../people/InviteDialog.tsx').then((each) => each.InviteDialog));

const SHOWN = 6;

/** What the organization is and who is in it, at a glance. */
export const HomePage = () => {
  const { id, name } = useOrganization();
  const query = useQuery('organizations.read', { params: { organization: id } }, { on: ['account', 'entitlements'] });
  return (
    <OrganizationFrame title={name} query={query}>
      {(organization) => (
        <div className="lk-stack">
          <CopiedMachines />
          <WaitingRequests />
          <Offer organization={organization} onChange={query.refresh} />
          <div className="home">
            <Glance organization={organization} />
            <Company organization={organization} />
            <PeopleCard organization={organization} />
          </div>
        </div>
      )}
    </OrganizationFrame>
  );
};

type Part = { readonly organization: Organization };

const Glance = ({ organization: { id, role, people, licenses, createdAt, cluster } }: Part) => {
  const t = useOrganizationWords();
  const common = useCommonWords();
  const locale = useLanguage();
  return (
    <Card title={t('home.at')}>
      <KeyValueList
        items={[
          { term: t('home.role'), value: common(`role.${role}`) },
          { term: t('home.people'), value: <Link href={organizationPath(id, 'people')}>{t('people', { count: people })}</Link> },
          { term: t('home.licenses'), value: t('licenses', { count: licenses }) },
          { term: t('home.cluster'), value: common(`cluster.${cluster}`) },
          { term: t('home.since'), value: <Time seconds={createdAt} locale={locale} format="date" /> },
        ]}
      />
    </Card>
  );
};

const Company = ({ organization: { id, role, legal } }: Part) => {
  const t = useOrganizationWords();
  const locale = useLanguage();
  const mayEdit = may(role, 'organization.edit-legal');
  const settings = organizationPath(id, 'settings');
  if (!mayEdit) return null;
  if (legal === null) {
    return (
      <Card title={t('home.company')}>
        <EmptyState icon={<Building2 />} title={t('home.noLegal')} text={t('home.noLegalText')} action={<Link variant="button" href={settings}>{t('home.fill')}</Link>} />
      </Card>
    );
  }
  const country = new Intl.DisplayNames([locale], { type: 'region' }).of(legal.country) ?? legal.country;
  const lines = [legal.companyName, legal.street, [legal.postalCode, legal.city].filter(Boolean).join(' '), country].filter((line) => line !== '');
  const contact = [legal.contactName, legal.contactEmail, legal.contactPhone ?? ''].filter((line) => line !== '');
  return (
    <Card title={t('home.company')} actions={<Link href={settings}>{t('home.edit')}</Link>}>
      <KeyValueList
        items={[
          { term: t('legal.address'), value: <address className="home-address">{lines.map((line) => <span key={line}>{line}</span>)}</address> },
          { term: t('legal.contact'), value: <span className="home-address">{contact.map((line) => <span key={line}>{line}</span>)}</span> },
          ...(legal.vatId === null ? [] : [{ term: t('legal.vatId'), value: legal.vatId }]),
        ]}
      />
    </Card>
  );
};

const PeopleCard = ({ organization: { id, name, role } }: Part) => {
  const t = useOrganizationWords();
  const common = useCommonWords();
  const [isInviting, setInviting] = useState(false);
  const { value, refresh } = useQuery('people.list', { params: { organization: id }, query: { limit: SHOWN, sort: 'role' } }, { on: ['account', 'entitlements'] });
  const mayInvite = may(role, 'people.invite');
  const invite = mayInvite && <Button size="small" icon={<UserPlus aria-hidden="true" />} onPress={() => setInviting(true)}>{t('home.invite')}</Button>;
  return (
    <Card title={t('home.people')} actions={<>{invite}<Link href={organizationPath(id, 'people')}>{t('home.peopleAll')}</Link></>} className="home-people">
      {value === null && <Skeleton lines={4} />}
      {value !== null && (
        <ul className="home-list">
          {value.people.map((person) => (
            <li key={person.id}>
              <span className="home-person"><span>{person.name}{person.you && <span className="lk-soft"> ({t('home.you')})</span>}</span><span className="lk-small lk-soft lk-truncate">{person.email}</span></span>
              <Badge>{common(`role.${person.role}`)}</Badge>
            </li>
          ))}
          {value.total > value.people.length && <li className="lk-soft">{t('home.more', { count: value.total - value.people.length })}</li>}
        </ul>
      )}
      {value?.total === 1 && mayInvite && <EmptyState icon={<Users />} title={t('home.noOthers')} text={t('home.noOthersText')} />}
      {isInviting && <InviteDialog onClose={() => setInviting(false)} onSent={() => void refresh()} isOnInvites={false} key={name} />}
    </Card>
  );
};
