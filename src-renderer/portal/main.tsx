import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { startMessages } from '../messages/index.ts';
import { chooseInBrowser, firstLocale } from '../messages/language.ts';
import { LanguageProvider } from '../messages/LanguageProvider.tsx';
import { Portal } from './Portal.tsx';
import { DefectBoundary } from '../problem/DefectBoundary.tsx';
import { startSession } from './session/session.ts';
import '../window/boot.css';

const root = document.getElementById('root');
if (root === null) throw new Error('no #root');

// The session is looked up while the words are on their way.
void startSession();
await startMessages(firstLocale(), {
  en: () => import('../messages/en/portal-english.ts').then(({ englishPortal }) => englishPortal),
  de: () => import('../messages/de/portal-entry.ts').then(({ germanPortal }) => germanPortal),
}, chooseInBrowser);

createRoot(root).render(
  <StrictMode>
    <LanguageProvider>
      <DefectBoundary>
        <Portal />
      </DefectBoundary>
    </LanguageProvider>
  </StrictMode>,
);
