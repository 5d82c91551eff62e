import { RotateCw } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Query } from '../authority/index.ts';
import { useCommonWords } from '../messages/words.ts';
import { ProblemNote } from '../problem/ProblemNote.tsx';
import { Button, Card, Skeleton } from '../ui/index.ts';
import { useWords } from './words.ts';

export type LoadedProps<V> = { readonly query: Query<V>; readonly children: (value: V) => ReactNode };

/** What was asked for, or that it is being looked up, or why it cannot be shown. */
export const Loaded = <V,>({ query: { value, problem, isLoading, refresh }, children }: LoadedProps<V>) => {
  const t = useWords();
  const common = useCommonWords();
  const note = problem !== null && (
    <ProblemNote
      problem={problem}
      live="status"
      action={<Button icon={<RotateCw aria-hidden="true" />} isPending={isLoading} onPress={() => void refresh()}>{common('actions.retry')}</Button>}
    />
  );
  if (value === null) return note || <Card><p role="status" className="lk-hidden-text">{t('loading')}</p><Skeleton lines={4} /></Card>;
  return <>{note}{children(value)}</>;
};
