import { useEffect } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSignInWords } from '../../session/words.ts';
import { Card, EmptyState, Link, Page } from '../../ui/index.ts';

/** A page that a link in a mail leads to; it stands whether one is signed in or not. */
export const LinkPage = ({ title, text, children }: { readonly title: string; readonly text?: string | undefined; readonly children: ReactNode }) => {
  const { t } = useTranslation('portal');
  useEffect(() => {
    document.title = t('title', { page: title });
  }, [t, title]);
  return <Page title={title} subtitle={text} width="narrow">{children}</Page>;
};

/** What was done, or why it cannot be, and where to go next. */
export const LinkEnd = ({ icon, title, text, action }: { readonly icon: ReactNode; readonly title: string; readonly text: string; readonly action?: ReactNode }) => {
  const t = useSignInWords();
  return <Card><div role="status"><EmptyState icon={icon} title={title} text={text} action={action ?? <Link variant="primary" href="/">{t('goOn')}</Link>} /></div></Card>;
};
