import { lazy } from 'react';
import type { ComponentType } from 'react';
import { ProblemNote } from '../problem/ProblemNote.tsx';
import { Button, Page, Skeleton } from '../ui/index.ts';
import { useCommonWords } from '../messages/words.ts';
import { useNavigationWords } from './words.ts';

/** A page that is loaded when it is first gone to, so that the first load stays small. Where that fails, it says so and tries again. */
export const late = <P extends object>(load: () => Promise<ComponentType<P>>) =>
  lazy(async (): Promise<{ default: ComponentType<P> }> => {
    try {
      return { default: await load() };
    } catch {
      return { default: NotLoaded };
    }
  });

const NotLoaded = () => {
  const t = useNavigationWords();
  const common = useCommonWords();
  return (
    <Page title={t('notLoaded')} width="narrow">
      <ProblemNote problem={{ code: 'AUTHORITY_UNREACHABLE', details: {} }} live="alert" action={<Button onPress={() => location.reload()}>{common('actions.retry')}</Button>} />
    </Page>
  );
};

export const LatePage = () => {
  const t = useNavigationWords();
  return (
    <Page title={<Skeleton width={220} height={28} />} width="wide">
      <p role="status" className="lk-hidden-text">{t('loading')}</p>
      <Skeleton height={180} />
    </Page>
  );
};
