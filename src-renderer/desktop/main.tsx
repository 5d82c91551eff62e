import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { startMessages } from '../messages/index.ts';
import { firstLocale } from '../messages/language.ts';
import { LanguageProvider } from '../messages/LanguageProvider.tsx';
import { AuthorityProvider } from '../authority/index.ts';
import { authorityOverIpc } from '../authority/over-ipc.ts';
import { bringOpened } from '../exchange/files.ts';
import { DefectBoundary } from '../problem/DefectBoundary.tsx';
import { App } from './App.tsx';
import { loadFirst } from './pages.ts';
import { keepSecretsOutOfMenus } from './secret-menu.ts';
import { createDesktop } from './store.ts';
import { allowEmptyMarkup } from './trusted-types.ts';
import { DesktopContext } from './use-desktop.ts';
import '../window/boot.css';

allowEmptyMarkup();
keepSecretsOutOfMenus(document);

const root = document.getElementById('root');
if (root === null) throw new Error('no #root');

// The words come while the snapshot does.
const starting = startMessages(firstLocale(), {
  en: () => import('../messages/en/desktop-english.ts').then(({ englishDesktop }) => englishDesktop),
  de: () => import('../messages/de/desktop-entry.ts').then(({ germanDesktop }) => germanDesktop),
});
const desktop = createDesktop(window.latchkey);
const authority = authorityOverIpc(desktop);
const opened = await desktop.connect();
if (opened !== null) bringOpened(opened);
const mirror = desktop.mirror.getState();
await (mirror.phase === 'ready' ? loadFirst(mirror.state, opened !== null) : null);
const messages = await starting;
if (mirror.phase === 'ready') document.documentElement.dataset['platform'] = mirror.app.platform;

createRoot(root).render(
  <StrictMode>
    <I18nextProvider i18n={messages}>
      <LanguageProvider>
        <DesktopContext value={desktop}>
          <AuthorityProvider value={authority}>
            <DefectBoundary>
              <App />
            </DefectBoundary>
          </AuthorityProvider>
        </DesktopContext>
      </LanguageProvider>
    </I18nextProvider>
  </StrictMode>,
);
