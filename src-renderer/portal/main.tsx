import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { portal } from '../messages/en/portal.ts';
import { startMessages } from '../messages/index.ts';
import { firstLocale } from '../messages/language.ts';
import { LanguageProvider } from '../messages/LanguageProvider.tsx';
import { Portal } from './Portal.tsx';
import { DefectBoundary } from '../problem/DefectBoundary.tsx';
import { startSession } from './session/session.ts';
import '../window/boot.css';

const root = document.getElementById('root');
if (root === null) throw new Error('no #root');

await startMessages(firstLocale(navigator.languages), {
  en: { portal },
  de: () => import('../messages/de/portal-entry.ts').then(({ germanPortal }) => germanPortal),
});
void startSession();

createRoot(root).render(
  <StrictMode>
    <LanguageProvider>
      <DefectBoundary>
        <Portal />
      </DefectBoundary>
    </LanguageProvider>
  </StrictMode>,
);
