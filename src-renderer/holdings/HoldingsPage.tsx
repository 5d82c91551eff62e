import { RotateCw } from 'lucide-react';
import { useEffect } from 'react';
import type { ReactNode } from 'react';
import type { Query } from '../authority/index.ts';
import { useOrganization } from '../authority/index.ts';
import { useCommonWords } from '../messages/words.ts';
import { ProblemNote } from '../problem/ProblemNote.tsx';
import { Button, Card, IconButton, Page, Skeleton } from '../ui/index.ts';
import { useHoldingsWords } from './words.ts';
import './holdings.css';

export type HoldingsPageProps = {
  readonly title: string;
  readonly subtitle?: ReactNode;
  readonly back?: ReactNode;
  readonly actions?: ReactNode;
  readonly query: Pick<Query<unknown>, 'problem' | 'isLoading' | 'refresh'>;
  /** There is something to show: absent, it is being asked for, or that has failed. */
  readonly isThere: boolean;
  readonly loading: string;
  readonly children: ReactNode;
};

/** A page of what the organization owns: its title, why it could not be brought up to date, and what is there. */
export const HoldingsPage = ({ title, subtitle, back, actions, query, isThere, loading, children }: HoldingsPageProps) => {
  const t = useHoldingsWords();
  const common = useCommonWords();
  const organization = useOrganization();
  useEffect(() => {
    document.title = t('page', { page: title, organization: organization.name });
  }, [t, title, organization.name]);
  return (
    <Page
      title={title}
      subtitle={subtitle}
      width="wide"
      back={back}
      actions={(
        <>
          {actions}
          <IconButton label={common('actions.refresh')} icon={<RotateCw aria-hidden="true" />} isPending={query.isLoading && isThere} onPress={() => void query.refresh()} />
        </>
      )}
    >
      {query.problem !== null && (
        <ProblemNote problem={query.problem} live="status" action={<Button size="small" isPending={query.isLoading} onPress={() => void query.refresh()}>{common('actions.retry')}</Button>}>
          {isThere && <p>{t('asBefore')}</p>}
        </ProblemNote>
      )}
      {!isThere && query.problem === null && <Loading label={loading} />}
      {isThere && children}
    </Page>
  );
};

const Loading = ({ label }: { readonly label: string }) => (
  <div className="lk-stack" role="status">
    <span className="lk-hidden-text">{label}</span>
    <Skeleton width={280} height={32} />
    <Card padding="flush">
      {[0, 1, 2, 3].map((row) => <div key={row} className="holdings-skeleton"><Skeleton width="34%" lines={2} /><Skeleton width="22%" /><Skeleton width="14%" /></div>)}
    </Card>
  </div>
);
