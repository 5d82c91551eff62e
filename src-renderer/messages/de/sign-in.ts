import type { signIn as english } from '../en/sign-in.ts';
import type { Translation } from '../translation.ts';

export const signIn: Translation<typeof english> = {
  submit: 'Anmelden',
  pending: 'Wird angemeldet',
  emailMissing: 'Geben Sie Ihre E-Mail-Adresse ein.',
  passwordMissing: 'Geben Sie Ihr Passwort ein.',
  forgot: 'Passwort vergessen?',
  step: 'Noch ein Schritt',
  stepText: '{{email}} ist durch einen zweiten Faktor geschützt.',
  method: 'So bestätigen Sie, dass Sie es sind',
  methods: { app: 'App', email: 'E-Mail', recovery: 'Wiederherstellung' },
  codeMissing: 'Geben Sie den Code ein.',
  app: { label: 'Code', text: 'Die sechs Ziffern, die Ihre Authenticator-App jetzt zeigt.' },
  email: {
    label: 'Code', text: 'Aus der E-Mail an {{email}}. Er gilt bis {{at, when}}.',
    ask: 'Ein Code geht an {{email}}.', send: 'Code senden', sending: 'Wird gesendet', again: 'Neuen Code senden', sent: 'Ein Code ist unterwegs an {{email}}.',
  },
  recovery: { label: 'Wiederherstellungscode', text: 'Einer von denen, die Sie aufbewahrt haben. Er gilt einmal.' },
  back: 'Zurück',
  start: 'Zur Anmeldung',
  goOn: 'Weiter',

  reset: {
    ask: 'Passwort vergessen?',
    askText: 'Geben Sie Ihre Adresse ein: Gibt es ein Konto, geht dorthin ein Link für ein neues Passwort.',
    email: 'E-Mail', send: 'Link senden', sending: 'Wird gesendet',
    sent: 'Sehen Sie in Ihre E-Mails',
    sentText: 'Hat {{email}} ein Konto, ist ein Link für ein neues Passwort dorthin unterwegs. Noch hat sich nichts geändert. Sehen Sie auch bei unerwünschten E-Mails nach.',
    set: 'Neues Passwort festlegen',
    setText: 'Jede Sitzung endet; Lizenzen in Gebrauch laufen weiter.',
    newMissing: 'Wählen Sie ein neues Passwort.',
    weak: 'Es ist zu leicht zu erraten. Verwenden Sie ein längeres.',
    save: 'Passwort festlegen', saving: 'Wird festgelegt',
    done: 'Ihr Passwort ist festgelegt', doneText: 'Melden Sie sich mit dem neuen an. Überall sonst wurden Sie abgemeldet.',
    again: 'Neuen Link anfordern',
  },
  confirm: {
    title: 'E-Mail-Adresse bestätigen',
    text: 'Danach melden Sie sich mit der Adresse an, an die dieser Link ging.',
    action: 'Adresse bestätigen', pending: 'Wird bestätigt',
    done: 'Ihre Adresse ist jetzt {{email}}', doneText: 'Melden Sie sich ab jetzt damit an; die alte gilt nicht mehr.',
    toAccount: 'Konto verwalten',
    ended: 'Melden Sie sich an und verlangen Sie die Änderung erneut.',
    taken: 'Inzwischen hat ein anderes Konto diese Adresse.',
  },
  noLink: { title: 'Dieser Link ist nicht vollständig', text: 'Öffnen Sie ihn noch einmal aus der E-Mail, oder kopieren Sie die ganze Adresse.' },
  inPortal: {
    title: 'Passwort vergessen?',
    text: 'Legen Sie im Portal ein neues fest, in jedem Browser, an jedem Rechner:',
    copy: 'Adresse kopieren', copied: 'Kopiert', label: 'Adresse der Seite',
  },
};
