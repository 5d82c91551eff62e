import { RotateCw, UserPlus } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { may } from '../../src-shared/role.ts';
import { organizationPath, useOrganization } from '../authority/index.ts';
import type { Query } from '../authority/index.ts';
import { useCommonWords } from '../messages/words.ts';
import { ProblemNote } from '../problem/ProblemNote.tsx';
import { Button, Card, IconButton, Link, Page, Skeleton } from '../ui/index.ts';
import { InviteDialog } from './InviteDialog.tsx';
import { usePeopleWords } from './words.ts';
import './people.css';

export type PeopleFrameProps = {
  readonly view: 'people' | 'invites';
  readonly query: Pick<Query<unknown>, 'problem' | 'isLoading' | 'refresh'>;
  readonly isThere: boolean;
  readonly loading: string;
  readonly children: ReactNode;
};

const views = ['people', 'invites'] as const;

/** What the pages of people share: the way between members and invites, Invite people, and why a list is not up to date. */
export const PeopleFrame = ({ view, query, isThere, loading, children }: PeopleFrameProps) => {
  const t = usePeopleWords();
  const common = useCommonWords();
  const organization = useOrganization();
  const [isInviting, setInviting] = useState(false);
  const mayInvite = may(organization.role, 'people.invite');
  useEffect(() => {
    document.title = `${t(`tabs.${view}`)} · ${organization.name} · Latchkey`;
  }, [t, view, organization.name]);
  return (
    <Page
      title={t('title')}
      subtitle={t('subtitle', { organization: organization.name })}
      width="wide"
      actions={(
        <>
          <IconButton label={common('actions.refresh')} icon={<RotateCw aria-hidden="true" />} isPending={query.isLoading && isThere} onPress={() => void query.refresh()} />
          {mayInvite && <Button variant="primary" icon={<UserPlus aria-hidden="true" />} onPress={() => setInviting(true)}>{t('invite')}</Button>}
        </>
      )}
    >
      {mayInvite && (
        <nav className="people-views" aria-label={t('tabs.label')}>
          {views.map((each) => (
            <Link key={each} variant="quiet" className="people-view" href={organizationPath(organization.id, each)} {...(each === view ? { 'aria-current': 'page' as const } : {})}>{t(`tabs.${each}`)}</Link>
          ))}
        </nav>
      )}
      {query.problem !== null && (
        <ProblemNote problem={query.problem} live="status" action={<Button size="small" isPending={query.isLoading} onPress={() => void query.refresh()}>{common('actions.retry')}</Button>} />
      )}
      {!isThere && query.problem === null && <Loading label={loading} />}
      {isThere && children}
      {isInviting && mayInvite && <InviteDialog onClose={() => setInviting(false)} onSent={() => void query.refresh()} isOnInvites={view === 'invites'} />}
    </Page>
  );
};

const Loading = ({ label }: { readonly label: string }) => (
  <div className="lk-stack" role="status">
    <span className="lk-hidden-text">{label}</span>
    <Skeleton width={280} height={32} />
    <Card padding="flush">
      {[0, 1, 2, 3].map((row) => <div key={row} className="people-skeleton"><Skeleton width="30%" lines={2} /><Skeleton width="14%" /><Skeleton width="20%" /></div>)}
    </Card>
  </div>
);
