import { common } from './common.ts';
import { desktop } from './desktop.ts';
import { errors } from './errors.ts';
import { navigation } from './navigation.ts';
import { session } from './session.ts';
import { signIn } from './sign-in.ts';

/** English for the app, loaded when it is shown. */
export const englishDesktop = { common, desktop, errors, navigation, session, signIn };
