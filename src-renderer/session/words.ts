import { signIn as german } from '../messages/de/sign-in.ts';
import { signIn as english } from '../messages/en/sign-in.ts';
import { pageWords } from '../messages/words.ts';

export const useSignInWords = pageWords('signIn', { en: english, de: german });
