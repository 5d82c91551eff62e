import { common } from './common.ts';
import { errors } from './errors.ts';
import { navigation } from './navigation.ts';
import { portal } from './portal.ts';
import { signIn } from './sign-in.ts';

/** German for the portal, loaded when it is shown. */
export const germanPortal = { common, errors, navigation, portal, signIn };
