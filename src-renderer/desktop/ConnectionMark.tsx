import { pastTime } from '../ui/index.ts';
import { useLanguage } from '../messages/words.ts';
import { useNow } from '../window/use-now.ts';
import { useDesktopState } from './use-desktop.ts';
import { useWords } from './words.ts';

/** Whether the authority can be reached, and since when not. */
export const ConnectionMark = () => {
  const t = useWords();
  const language = useLanguage();
  const now = useNow();
  const { state, lastContact } = useDesktopState((desktop) => desktop.connection);
  const when = lastContact === null ? t('connection.never') : t('connection.lastContact', { when: pastTime(lastContact, now, language) });
  return (
    <p className="connection" data-state={state}>
      <span className="connection-dot" aria-hidden="true" />
      {/* Only the state is spoken when it changes, not each minute of absence. */}
      <span role="status" className="connection-state"><span className="lk-hidden-text">{t('connection.label')}: </span>{t(`connection.${state}`)}</span>
      {(state === 'unreachable' || state === 'stranger') && <span className="lk-truncate">{when}</span>}
    </p>
  );
};
