import { common } from './common.ts';
import { desktop } from './desktop.ts';
import { documentWords } from './document.ts';
import { errors } from './errors.ts';
import { whys } from './whys.ts';
import { myLicenses } from './my-licenses.ts';
import { session } from './session.ts';

/** German for the app, loaded when it is chosen. */
export const germanDesktop = { common, errors, whys, document: documentWords, desktop, session, myLicenses };
