import type { Problem } from '../../src-shared/desktop.ts';
import { Banner } from '../ui/index.ts';
import { StorageFacts } from './StorageFacts.tsx';
import { useWords } from './words.ts';

/** Stands above every page while nothing can be stored: what is held is used, what would have to be kept is refused. */
export const UnsavedNote = ({ problem }: { readonly problem: Problem }) => {
  const t = useWords();
  return (
    <Banner tone="warn" live="status" title={t('storage.unsaved')}>
      <p>{t('storage.unsavedText')}</p>
      <StorageFacts problem={problem} />
    </Banner>
  );
};
