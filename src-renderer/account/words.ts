import { account as german } from '../messages/de/account.ts';
import { account as english } from '../messages/en/account.ts';
import { pageWords } from '../messages/words.ts';

export const useWords = pageWords('account', { en: english, de: german });
