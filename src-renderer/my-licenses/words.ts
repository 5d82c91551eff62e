import { myLicenses as german } from '../messages/de/my-licenses.ts';
import { myLicenses } from '../messages/en/my-licenses.ts';
import { pageWords } from '../messages/words.ts';

export const useMyLicensesWords = pageWords('myLicenses', { en: myLicenses, de: german });
