import { useEffect } from 'react';
import { Page } from '../ui/index.ts';
import type { PageProps } from '../ui/index.ts';
import { useWords } from './words.ts';

export type DesktopPageProps = Omit<PageProps, 'title'> & { readonly title: string };

let hasShownOne = false;

/** A page of the app: names the window, and takes the focus when it replaces another page and nothing in it did. */
export const DesktopPage = ({ title, ...rest }: DesktopPageProps) => {
  const t = useWords();
  useEffect(() => {
    document.title = t('shell.page', { page: title });
  }, [t, title]);
  useEffect(() => {
    const isFirst = !hasShownOne;
    hasShownOne = true;
    const main = document.getElementById('main');
    if (isFirst || main === null || main.querySelector(':focus') !== null) return;
    const heading = main.querySelector('h1');
    heading?.setAttribute('tabindex', '-1');
    heading?.focus({ preventScroll: true });
    main.scrollTo({ top: 0 });
  }, []);
  return <Page title={title} {...rest} />;
};
