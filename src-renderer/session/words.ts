import type { signIn } from '../messages/en/sign-in.ts';
import { wordsHook } from '../messages/words.ts';

export const useSignInWords = wordsHook<typeof signIn>('signIn');
