import { settings as german } from '../messages/de/settings.ts';
import { settings as english } from '../messages/en/settings.ts';
import { pageWords } from '../messages/words.ts';

export const useWords = pageWords('settings', { en: english, de: german });
