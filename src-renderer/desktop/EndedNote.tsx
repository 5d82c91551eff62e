import { pageWords, useCommonWords } from '../messages/words.ts';
import { Banner, Button } from '../ui/index.ts';
import { useDesktop } from './use-desktop.ts';

const useWords = pageWords('ended', {
  en: { title: 'Latchkey did not end properly last time', text: 'It crashed or was ended from outside. Your licenses are as they were.', log: 'Show log' },
  de: { title: 'Latchkey wurde beim letzten Mal nicht richtig beendet', text: 'Es ist abgestürzt oder wurde von außen beendet. Ihre Lizenzen sind unverändert.', log: 'Protokoll anzeigen' },
});

/** Told once, at the start after it; stays until it has been read. */
export const EndedNote = ({ onClose }: { readonly onClose: () => void }) => {
  const t = useWords();
  const common = useCommonWords();
  const { call } = useDesktop();
  return (
    <Banner tone="info" live="status" title={t('title')} onClose={onClose} closeLabel={common('actions.dismiss')} action={<Button size="small" onPress={() => void call('app.show-log', null)}>{t('log')}</Button>}>
      <p>{t('text')}</p>
    </Banner>
  );
};
