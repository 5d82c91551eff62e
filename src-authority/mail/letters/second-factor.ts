import type { Locale } from '../../adapter/schema.ts';
import { letterTime } from '../letter.ts';
import type { Letter } from '../letter.ts';

type Method = 'app' | 'email';
export type FactorFacts = { readonly name: string; readonly method: Method; readonly at: number };

const methodWords: { readonly [L in Locale]: { readonly [M in Method]: string } } = {
  en: { app: 'codes from an authenticator app', email: 'codes by e-mail' },
  de: { app: 'Codes aus einer Authenticator-App', email: 'Codes per E-Mail' },
};

export const factorOnLetter: Letter<FactorFacts> = {
  en: ({ name, method, at }) => ({
    subject: 'A second factor was turned on',
    lines: [
      `Hello ${name},`,
      `Since ${letterTime('en', at)} signing in to your Latchkey account also takes ${methodWords.en[method]}.`,
      'If it was not you, change your password and tell an owner of your organization.',
    ],
  }),
  de: ({ name, method, at }) => ({
    subject: 'Ein zweiter Faktor wurde eingeschaltet',
    lines: [
      `Guten Tag ${name},`,
      `seit ${letterTime('de', at)} braucht die Anmeldung bei Ihrem Latchkey-Konto auch ${methodWords.de[method]}.`,
      'Wenn Sie das nicht waren, ändern Sie Ihr Passwort und wenden Sie sich an einen Eigentümer Ihrer Organisation.',
    ],
  }),
};

export const factorOffLetter: Letter<FactorFacts> = {
  en: ({ name, method, at }) => ({
    subject: 'A second factor was turned off',
    lines: [
      `Hello ${name},`,
      `Since ${letterTime('en', at)} signing in to your Latchkey account no longer takes ${methodWords.en[method]}.`,
      'If it was not you, change your password at once and turn it on again.',
    ],
  }),
  de: ({ name, method, at }) => ({
    subject: 'Ein zweiter Faktor wurde ausgeschaltet',
    lines: [
      `Guten Tag ${name},`,
      `seit ${letterTime('de', at)} braucht die Anmeldung bei Ihrem Latchkey-Konto keine ${methodWords.de[method]} mehr.`,
      'Wenn Sie das nicht waren, ändern Sie sofort Ihr Passwort und schalten Sie ihn wieder ein.',
    ],
  }),
};

export const recoveryUsedLetter: Letter<{ readonly name: string; readonly left: number; readonly at: number }> = {
  en: ({ name, left, at }) => ({
    subject: 'A recovery code was used',
    lines: [
      `Hello ${name},`,
      `On ${letterTime('en', at)} a recovery code of your Latchkey account was used. ${left === 1 ? 'One is' : `${left} are`} left.`,
      'If it was not you, change your password at once.',
    ],
  }),
  de: ({ name, left, at }) => ({
    subject: 'Ein Wiederherstellungscode wurde verwendet',
    lines: [
      `Guten Tag ${name},`,
      `am ${letterTime('de', at)} wurde ein Wiederherstellungscode Ihres Latchkey-Kontos verwendet. ${left === 1 ? 'Einer bleibt' : `${left} bleiben`} übrig.`,
      'Wenn Sie das nicht waren, ändern Sie sofort Ihr Passwort.',
    ],
  }),
};
