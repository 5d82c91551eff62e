import { documentWords as german } from '../messages/de/document.ts';
import { documentWords } from '../messages/en/document.ts';
import { addWords } from '../messages/index.ts';

/** Imported for what it does: a file is shown in words by late pages, which bring them. */
addWords('document', { en: documentWords, de: german });
