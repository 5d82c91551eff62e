import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { startMessages, type ChooseLanguage, type EntryWords } from '../messages/index.ts';
import { chooseInBrowser, firstLocale, languageOf } from '../messages/language.ts';
import { LanguageProvider } from '../messages/LanguageProvider.tsx';
import { AuthorityProvider } from '../authority/index.ts';
import { authorityOverIpc } from '../authority/over-ipc.ts';
import { bringOpened } from '../exchange/files.ts';
import { DefectBoundary } from '../problem/DefectBoundary.tsx';
import { App } from './App.tsx';
import { tellDefects } from './defects.ts';
import { followDownloadsOf } from './downloads.ts';
import { keepGoing } from './going.ts';
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

const words: EntryWords = {
  en: () => import('../messages/en/desktop-english.ts').then(({ englishDesktop }) => englishDesktop),
  de: () => import('../messages/de/desktop-entry.ts').then(({ germanDesktop }) => germanDesktop),
};
// The words come while the snapshot does. It says in which language main speaks, nearly always the one that was spoken here last.
void words[languageOf(firstLocale())]().catch(() => undefined);
const desktop = createDesktop(window.latchkey);
const tellDefect = tellDefects(window, desktop);
followDownloadsOf(desktop);
const authority = authorityOverIpc(desktop);
// From now on no push is lost; the window takes over once it stands.
window.latchkey.on('navigate', keepGoing);
const opened = await desktop.connect();
opened.forEach(bringOpened);
const mirror = desktop.mirror.getState();
/** Menus, tray and notifications follow the page. What the browser keeps of it is for the next start's first words only. */
const chooseLanguage: ChooseLanguage = async (language) => {
  const locale = await chooseInBrowser(language);
  const chosen = await desktop.call('language.choose', { language });
  return chosen.ok ? chosen.value.locale : locale;
};
const starting = startMessages(mirror.phase === 'ready' ? mirror.app.locale : firstLocale(), words, chooseLanguage);
await (mirror.phase === 'ready' ? loadFirst(mirror.state, opened.length > 0) : null);
const messages = await starting;
if (mirror.phase === 'ready') document.documentElement.dataset['platform'] = mirror.app.platform;

createRoot(root, { onCaughtError: (error) => tellDefect('drawing', error) }).render(
  <StrictMode>
    <I18nextProvider i18n={messages}>
      <LanguageProvider>
        <DesktopContext value={desktop}>
          <AuthorityProvider value={authority}>
            <DefectBoundary onShowLog={() => void desktop.call('app.show-log', null)}>
              <App />
            </DefectBoundary>
          </AuthorityProvider>
        </DesktopContext>
      </LanguageProvider>
    </I18nextProvider>
  </StrictMode>,
);
