import { navigation as german } from '../messages/de/navigation.ts';
import { navigation } from '../messages/en/navigation.ts';
import { pageWords } from '../messages/words.ts';

export const useNavigationWords = pageWords('navigation', { en: navigation, de: german });
