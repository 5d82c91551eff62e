import type { navigation } from '../messages/en/navigation.ts';
import { wordsHook } from '../messages/words.ts';

export const useNavigationWords = wordsHook<typeof navigation>('navigation');
