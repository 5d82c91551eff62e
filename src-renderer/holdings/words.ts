import { holdings as german } from '../messages/de/holdings.ts';
import { holdings } from '../messages/en/holdings.ts';
import { addWords } from '../messages/index.ts';
import { wordsHook } from '../messages/words.ts';

addWords('holdings', { en: holdings, de: german });

/** The words of the pages about what an organization owns. */
export const useHoldingsWords = wordsHook<typeof holdings>('holdings');
export type HoldingsWords = ReturnType<typeof useHoldingsWords>;
