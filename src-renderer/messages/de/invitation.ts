import type { invitation as english } from '../en/invitation.ts';
import type { Translation } from '../translation.ts';

export const invitation: Translation<typeof english> = {
  title: 'Einladung', titleTo: '{{organization}} beitreten',
  looking: 'Die Einladung wird angesehen',
  offer: '{{from}} lädt Sie zu {{organization}} ein, mit der Rolle {{role}}.',
  ends: 'Kann bis <at/> angenommen werden', for: 'Für', organization: 'Organisation', role: 'Rolle', by: 'Eingeladen von',
  accept: '{{organization}} beitreten', accepting: 'Beitritt läuft', decline: 'Ablehnen',
  declineTitle: 'Die Einladung ablehnen?', declineText: 'Ihr Link gilt dann nicht mehr. {{organization}} kann Sie erneut einladen.', declineKeep: 'Noch nicht', declining: 'Wird abgelehnt',
  declined: 'Sie haben die Einladung abgelehnt', declinedText: '{{from}} sieht das. Sie können diese Seite schließen.',
  joined: 'Willkommen bei {{organization}}',
  signIn: { title: 'Sie haben ein Konto', text: 'Melden Sie sich als {{email}} an, um zu antworten.' },
  other: { title: 'Sie sind als {{actual}} angemeldet', text: 'Diese Einladung ist für {{email}}. Melden Sie sich ab und öffnen Sie den Link erneut, oder bitten Sie um eine Einladung an {{actual}}.', action: 'Abmelden' },
  signUp: {
    title: 'Konto anlegen', text: 'Für {{email}}. Es dauert eine Minute.', firstName: 'Vorname', lastName: 'Nachname', missing: 'Diese Angabe fehlt.', password: 'Passwort wählen', passwordMissing: 'Wählen Sie ein Passwort.',
    agreement: 'Ich stimme der Lizenzvereinbarung zu', privacy: 'Ich stimme der Datenschutzerklärung zu', readAgreement: 'Lizenzvereinbarung lesen', readPrivacy: 'Datenschutzerklärung lesen', version: 'Version {{version}}', mustAccept: 'Ohne Zustimmung geht es nicht weiter.',
    action: 'Konto anlegen und beitreten', pending: 'Ihr Konto wird angelegt', taken: 'Zu dieser Adresse gibt es bereits ein Konto. Laden Sie die Seite neu und melden Sie sich an.',
  },
  terms: { loading: 'Der Text wird geholt', close: 'Schließen' },
  none: { title: 'Das ist keine Einladung', text: 'Der Link ist unvollständig. Öffnen Sie ihn noch einmal aus der E-Mail, in einem Stück.', action: 'Zum Anfang' },
  ended: { title: 'Diese Einladung gilt nicht mehr', text: 'Sie wurde beantwortet oder zurückgezogen, durch eine neuere ersetzt, oder ist älter als 14 Tage. Bitten Sie um eine neue.', action: 'Zum Anfang' },
  app: {
    inPortal: 'Im Browser antworten', otherText: 'Diese Einladung gilt für {{email}}. Antworten Sie im Browser, oder melden Sie sich hier als diese Person an.',
    alone: 'Dieser Computer arbeitet ohne Netz', aloneText: 'Öffnen Sie den Link aus der Mail in einem Browser auf einem Computer, der die Lizenzstelle erreicht.',
  },
};
