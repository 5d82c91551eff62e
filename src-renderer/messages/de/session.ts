import type { session as english } from '../en/session.ts';
import type { Translation } from '../translation.ts';

export const session: Translation<typeof english> = {
  signIn: {
    title: 'Anmelden',
    text: 'Mit dem Konto, das Sie von Ihrer Organisation haben.',
    to: 'Lizenzstelle: {{address}}',
    submit: 'Anmelden',
    pending: 'Anmeldung läuft',
    otpText: 'Sechs Ziffern aus Ihrer Authenticator-App, oder ein Wiederherstellungscode.',
    emailMissing: 'Geben Sie Ihre E-Mail-Adresse ein.',
    passwordMissing: 'Geben Sie Ihr Passwort ein.',
    otpMissing: 'Geben Sie den Code ein.',
  },
  menu: {
    label: 'Konto von {{name}}',
    organization: 'Organisation',
    isDefault: 'Standard',
    setDefault: '{{name}} als Standard festlegen',
    isDefaultAlready: '{{name}} ist der Standard',
    setDefaultText: 'Die Auswahl zeigt sie zuerst, auf jedem Rechner.',
    noOrganization: 'Keine Organisation',
    logOut: 'Abmelden',
    defaultSet: '{{name}} ist jetzt Ihre Standardorganisation',
  },
};
