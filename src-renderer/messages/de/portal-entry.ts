import { common } from './common.ts';
import { errors } from './errors.ts';
import { whys } from './whys.ts';
import { portal } from './portal.ts';

/** German for the portal, loaded when it is chosen. */
export const germanPortal = { common, errors, whys, portal };
