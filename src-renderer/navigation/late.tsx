import { createElement, lazy, useEffect, useEffectEvent, useState } from 'react';
import type { ComponentType } from 'react';
import { ProblemNote, useProblemWords } from '../problem/ProblemNote.tsx';
import { Banner, Button, notify, Page, Skeleton } from '../ui/index.ts';
import { useCommonWords } from '../messages/words.ts';
import { useNavigationWords } from './words.ts';

/** `load` fetches the page before it is gone to; one that is there already shows at once, without a moment of `LatePage`. */
export type Late<P> = ComponentType<P> & { readonly load: () => Promise<void> };

/** A browser waits without an end for a file that a server begins and does not finish. */
const LONGEST_MS = 20_000;
const MOMENT_MS = 3000;

/** A page that is loaded when it is first gone to, so that the first load stays small. Where that fails, it says so and tries again. */
export const late = <P extends object>(fetchPage: () => Promise<ComponentType<P>>): Late<P> => {
  let loaded: ComponentType<P> | null = null;
  const load = async (): Promise<void> => {
    loaded ??= await fetchPage();
  };
  const Fetched = lazy(async (): Promise<{ default: ComponentType<P> }> => {
    await Promise.race([load().catch(() => undefined), new Promise((done) => void setTimeout(done, LONGEST_MS))]);
    return { default: loaded ?? NotLoaded };
  });
  const Shown = (props: P) => {
    // What it began with stays: another component in the same place would begin anew.
    const [page] = useState(() => loaded ?? Fetched);
    return createElement(page, props);
  };
  return Object.assign(Shown, { load: () => load().catch(() => undefined) });
};

/** The app brings its pages along: there, one that does not load is no fault of the network. */
const comesFromDisk = (): boolean => 'latchkey' in globalThis;

const NotLoaded = () => {
  const t = useNavigationWords();
  const common = useCommonWords();
  const retry = <Button onPress={() => location.reload()}>{common('actions.retry')}</Button>;
  return (
    <Page title={t('notLoaded')} width="narrow">
      {comesFromDisk()
        ? <Banner tone="danger" title={t('partUnreadable')} live="alert" action={retry}><p>{t('partUnreadableNext')}</p></Banner>
        : <ProblemNote problem={{ code: 'AUTHORITY_UNREACHABLE', details: {} }} live="alert" action={retry} />}
    </Page>
  );
};

export const LatePage = () => {
  const t = useNavigationWords();
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), MOMENT_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Page title={<Skeleton width={220} height={28} />} width="wide">
      <p role="status" className={isSlow ? 'lk-soft' : 'lk-hidden-text'}>{t(isSlow ? 'slow' : 'loading')}</p>
      <Skeleton height={180} />
    </Page>
  );
};

/** A dialog that is loaded when it is first asked for. Where that fails, a message says so, the question is taken back, and asking again tries again. */
export const lateDialog = <P extends { readonly onClose: () => void }>(fetchDialog: () => Promise<ComponentType<P>>): ComponentType<P> => {
  let loaded: ComponentType<P> | null = null;
  return (props: P) => {
    const [dialog, setDialog] = useState(() => loaded);
    const t = useNavigationWords();
    const words = useProblemWords();
    const fail = useEffectEvent(() => {
      notify({ tone: 'danger', title: t('dialogNotLoaded'), text: comesFromDisk() ? t('partUnreadableNext') : words({ code: 'AUTHORITY_UNREACHABLE', details: {} }).next });
      props.onClose();
    });
    useEffect(() => {
      if (loaded !== null) return;
      let isWanted = true;
      fetchDialog().then(
        (each) => {
          loaded = each;
          if (isWanted) setDialog(() => each);
        },
        () => isWanted && fail(),
      );
      return () => void (isWanted = false);
    }, []);
    return dialog === null ? null : createElement(dialog, props);
  };
};
