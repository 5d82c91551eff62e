import { useCallback } from 'react';
import { useCommonWords } from '../messages/words.ts';
import { notify, saveBytes } from '../ui/index.ts';

export type FileToSave = { readonly name: string; readonly content: Uint8Array<ArrayBuffer> | string; readonly type?: string | undefined };
/** What to say once it is saved, or may be; without a title, that it is. */
export type SavedWords = { readonly title?: string; readonly text?: string };

/**
 * Saves a file and says how that ended, with where, and what to do when it did not. Answers whether it may be there: in a browser
 * nobody knows more than that the download has begun.
 */
export const useSave = (): ((file: FileToSave, words?: SavedWords) => Promise<boolean>) => {
  const common = useCommonWords();
  return useCallback(async ({ name, content, type }, { title, text } = {}) => {
    const saved = await saveBytes(name, content, type);
    switch (saved.end) {
      case 'begun':
        notify({ title: common('saving.begun', { file: name }), text });
        return true;
      case 'saved':
        notify({
          title: title ?? common('saving.saved', { file: saved.file }), text: [common('saving.where', saved), text].filter((each) => each !== undefined).join(' '),
          action: { label: common('saving.show'), onPress: saved.show }, seconds: 20,
        });
        return true;
      case 'cancelled':
        notify({ tone: 'warn', title: common('saving.cancelled'), text: common('saving.cancelledText', { file: name }) });
        return false;
      case 'failed':
        notify({ tone: 'danger', title: common('saving.failed', { file: name }), text: common(`saving.${saved.why}`) });
        return false;
    }
  }, [common]);
};
