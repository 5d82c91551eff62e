import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { documentWords } from '../messages/en/document.ts';
import { portal } from '../messages/en/portal.ts';
import { startMessages } from '../messages/index.ts';
import { I18nProvider } from '../ui/index.ts';
import { Portal } from './Portal.tsx';
import { startSession } from './session/session.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('no #root');

// Words are English; dates follow the person's own English (en-GB, en-US, …) where they have one.
const locale = navigator.languages.find((each) => each === 'en' || each.startsWith('en-')) ?? 'en';
await startMessages(locale, { en: { document: documentWords, portal } });
void startSession();

createRoot(root).render(
  <StrictMode>
    <I18nProvider locale={locale}>
      <Portal />
    </I18nProvider>
  </StrictMode>,
);
