import type { navigation as english } from '../en/navigation.ts';
import type { Translation } from '../translation.ts';

export const navigation: Translation<typeof english> = {
  personal: 'Persönlich',
  organizations: 'Ihre Organisationen',
  organizationsText: 'Ihre Rollen und alles zur Verwaltung',
  change: 'Organisation wechseln',
  setDefault: '{{name}} als Standard festlegen',
  isDefault: '{{name}} ist der Standard',
  setDefaultText: 'Nach der Anmeldung und in der Auswahl zuerst gezeigt.',
  defaultSet: '{{name}} ist jetzt Ihre Standardorganisation',
  default: 'Standard',
  none: 'Keine Organisation',
  account: 'Konto verwalten',
  pages: { home: 'Überblick', people: 'Personen', products: 'Produkte', machines: 'Rechner', tasks: 'Anfragen', usage: 'Nutzung', settings: 'Meine Organisation' },
  loading: 'Die Seite wird geladen',
  slow: 'Die Seite wird noch geladen …',
  notLoaded: 'Die Seite konnte nicht geladen werden',
  dialogNotLoaded: 'Der Dialog konnte nicht geladen werden',
  partUnreadable: 'Ein Teil von Latchkey konnte nicht gelesen werden',
  partUnreadableNext: 'Versuchen Sie es noch einmal. Geschieht es wieder, starten Sie Latchkey neu oder installieren Sie es noch einmal.',
  notMember: { title: 'Sie gehören nicht zu dieser Organisation', text: 'Sie haben sie verlassen oder wurden entfernt, oder die Adresse stimmt nicht.', action: 'Ihre Organisationen' },
};
