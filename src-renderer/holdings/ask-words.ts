import { ask as german } from '../messages/de/ask.ts';
import { ask } from '../messages/en/ask.ts';
import { pageWords } from '../messages/words.ts';

export const useAskWords = pageWords('ask', { en: ask, de: german });
