import { RotateCw } from 'lucide-react';
import { useEffect } from 'react';
import type { ReactNode } from 'react';
import type { Query } from '../authority/index.ts';
import { useCommonWords } from '../messages/words.ts';
import { ProblemNote } from '../problem/ProblemNote.tsx';
import { Button, Card, Page, Skeleton } from '../ui/index.ts';
import { useOrganizationWords } from './words.ts';
import './organization.css';

export type OrganizationFrameProps<V> = {
  readonly title: string;
  readonly subtitle?: ReactNode;
  readonly actions?: ReactNode;
  readonly width?: 'normal' | 'wide' | undefined;
  readonly query: Query<V>;
  readonly children: (value: V) => ReactNode;
};

/** A page about organizations: its title, why it could not be brought up to date, and what is there. */
export const OrganizationFrame = <V,>({ title, subtitle, actions, width = 'wide', query: { value, problem, isLoading, refresh }, children }: OrganizationFrameProps<V>) => {
  const t = useOrganizationWords();
  const common = useCommonWords();
  useEffect(() => {
    document.title = t('page', { page: title });
  }, [t, title]);
  return (
    <Page title={title} subtitle={subtitle} width={width} actions={actions}>
      {problem !== null && (
        <ProblemNote problem={problem} live="status" action={<Button size="small" icon={<RotateCw aria-hidden="true" />} isPending={isLoading} onPress={() => void refresh()}>{common('actions.retry')}</Button>}>
          {value !== null && <p>{t('asBefore')}</p>}
        </ProblemNote>
      )}
      {value === null && problem === null && <Card><p role="status" className="lk-hidden-text">{t('loading')}</p><Skeleton lines={5} /></Card>}
      {value !== null && children(value)}
    </Page>
  );
};
