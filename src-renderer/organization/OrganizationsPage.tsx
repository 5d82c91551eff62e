import { Building2, Plus, Star } from 'lucide-react';
import { useState } from 'react';
import type { Organization } from '../../src-shared/http/organizations.ts';
import { may } from '../../src-shared/role.ts';
import { organizationPath, usePerson, useQuery } from '../authority/index.ts';
import { useCommonWords } from '../messages/words.ts';
import { useProblemWords } from '../problem/ProblemNote.tsx';
import { Badge, Button, Card, EmptyState, Link, notify } from '../ui/index.ts';
import { CreateDialog } from './CreateDialog.tsx';
import { OrganizationFrame } from './OrganizationFrame.tsx';
import { useOrganizationWords } from './words.ts';

/** The personal space: every organization of the person, with their role, the way to manage it, and which is the default. */
export const OrganizationsPage = () => {
  const t = useOrganizationWords();
  const { account } = usePerson();
  const query = useQuery('organizations.list', {}, { on: ['account', 'entitlements'] });
  const [isCreating, setCreating] = useState(false);
  const create = <Button variant="primary" icon={<Plus aria-hidden="true" />} onPress={() => setCreating(true)}>{t('list.create')}</Button>;
  return (
    <>
      <OrganizationFrame title={t('list.title')} subtitle={t('list.subtitle')} query={query} actions={query.value?.organizations.length === 0 ? undefined : create}>
        {({ organizations }) => organizations.length === 0
          ? <Card><EmptyState icon={<Building2 />} title={t('list.empty.title')} text={t('list.empty.text', { email: account.user.email })} action={create} /></Card>
          : <ul className="organizations">{organizations.map((each) => <li key={each.id}><OrganizationCard organization={each} /></li>)}</ul>}
      </OrganizationFrame>
      {isCreating && <CreateDialog onClose={() => setCreating(false)} />}
    </>
  );
};

const OrganizationCard = ({ organization: { id, name, role, people, licenses, transfer } }: { readonly organization: Organization }) => {
  const t = useOrganizationWords();
  const common = useCommonWords();
  const words = useProblemWords();
  const { account, setDefault } = usePerson();
  const [isPending, setPending] = useState(false);
  const mayManage = may(role, 'people.invite');
  const isDefault = id === account.defaultOrganization;
  const makeDefault = async () => {
    setPending(true);
    const result = await setDefault(id);
    setPending(false);
    if (result.ok) return notify({ title: t('list.defaultSet', { name }), text: t('list.defaultSetText') });
    const { title, next } = words({ code: result.code, details: result.details });
    notify({ tone: 'danger', title, text: next });
  };
  return (
    <Card className="organization-card">
      <span className="organization-mark" aria-hidden="true">{[...name][0]?.toLocaleUpperCase()}</span>
      <div className="organization-words">
        <h2 className="organization-name">{name}</h2>
        <p className="lk-small lk-soft">{t('people', { count: people })} · {t('licenses', { count: licenses })}</p>
      </div>
      <span className="lk-row organization-tags">
        <Badge>{common(`role.${role}`)}</Badge>
        {isDefault && <Badge tone="brass" icon={<Star aria-hidden="true" />}>{t('list.default')}</Badge>}
        {transfer?.yours === true && <Badge tone="warn">{t('list.offer')}</Badge>}
      </span>
      <span className="lk-row organization-actions">
        {!isDefault && <Button variant="quiet" isPending={isPending} aria-label={t('list.setDefaultOf', { name })} onPress={() => void makeDefault()}>{t('list.setDefault')}</Button>}
        <Link variant="button" href={organizationPath(id, 'home')} aria-label={t(mayManage ? 'list.manageOf' : 'list.openOf', { name })}>{t(mayManage ? 'list.manage' : 'list.open')}</Link>
      </span>
    </Card>
  );
};
