import type { desktop } from '../messages/en/desktop.ts';
import { wordsHook } from '../messages/words.ts';

export const useWords = wordsHook<typeof desktop>('desktop');
