import { common } from './common.ts';
import { desktop } from './desktop.ts';
import { errors } from './errors.ts';
import { navigation } from './navigation.ts';
import { session } from './session.ts';
import { signIn } from './sign-in.ts';

/** German for the app, loaded when it is shown. */
export const germanDesktop = { common, desktop, errors, navigation, session, signIn };
