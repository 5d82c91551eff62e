import { common } from './common.ts';
import { desktop } from './desktop.ts';
import { errors } from './errors.ts';
import { whys } from './whys.ts';
import { session } from './session.ts';

/** German for the app, loaded when it is chosen. */
export const germanDesktop = { common, errors, whys, desktop, session };
