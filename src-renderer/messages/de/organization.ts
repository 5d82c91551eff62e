import type { organization as english } from '../en/organization.ts';
import type { Translation } from '../translation.ts';

export const organization: Translation<typeof english> = {
  page: '{{page}} · Latchkey',
  loading: 'Die Angaben werden geholt',
  asBefore: 'Was Sie unten sehen, ist noch von vorher.',
  people_one: '{{count}} Person',
  people_other: '{{count}} Personen',
  licenses_one: '{{count}} Lizenz',
  licenses_other: '{{count}} Lizenzen',

  list: {
    title: 'Ihre Organisationen',
    subtitle: 'Die Unternehmen, deren Lizenzen Sie verwenden, und Ihre Rolle darin.',
    name: 'Organisation', role: 'Ihre Rolle', size: 'Größe', actions: 'Aktionen',
    default: 'Standard',
    manage: 'Verwalten', manageOf: 'Verwalten: {{name}}', open: 'Öffnen', openOf: 'Öffnen: {{name}}',
    setDefault: 'Als Standard festlegen', setDefaultOf: 'Als Standard festlegen: {{name}}',
    defaultSet: '{{name}} ist jetzt Ihre Standardorganisation', defaultSetText: 'Sie wird nach der Anmeldung und in der Auswahl zuerst gezeigt.',
    create: 'Organisation anlegen',
    offer: 'Ihnen wird die Eigentümerschaft angeboten',
    empty: { title: 'Sie gehören zu keiner Organisation', text: 'Bitten Sie die Person, die in Ihrem Unternehmen die Lizenzen verwaltet, {{email}} einzuladen, oder legen Sie eine eigene Organisation an.' },
  },
  create: {
    title: 'Organisation anlegen',
    text: 'Sie werden ihr Eigentümer. Personen und Lizenzen kommen danach.',
    name: 'Name', nameText: 'So, wie man sie kennt; er lässt sich später ändern.', nameMissing: 'Geben Sie mindestens zwei Buchstaben ein.',
    cluster: 'Clusterstandort', action: 'Organisation anlegen', pending: 'Die Organisation wird angelegt', done: '{{name}} ist angelegt', doneText: 'Laden Sie nun Personen ein.', invite: 'Personen einladen',
  },
  clusterNote: 'Wo Cloud-Daten dieser Organisation verarbeitet und gespeichert werden.',

  home: {
    title: 'Überblick',
    company: 'Unternehmen', edit: 'Bearbeiten', noLegal: 'Noch keine Unternehmensdaten', noLegalText: 'Rechnungen und Verträge brauchen sie.', fill: 'Jetzt eintragen', onlyOwners: 'Eigentümer sehen und bearbeiten sie.',
    people: 'Personen', peopleAll: 'Alle Personen', invite: 'Personen einladen', noOthers: 'Bisher nur Sie', noOthersText: 'Laden Sie die Personen ein, die ihre Lizenzen verwenden sollen.',
    more_one: 'und {{count}} weitere', more_other: 'und {{count}} weitere',
    requests_one: 'Eine Anfrage wartet auf Ihre Antwort', requests_other: '{{count}} Anfragen warten auf Ihre Antwort', requestsAction: 'Zu den Anfragen',
    copied_one: '{{machine}} gibt es zweimal', copied_other: '{{count}} Rechner gibt es zweimal', copiedText: 'Zwei Computer verwenden dasselbe Latchkey-Profil. Bis Sie entscheiden, wird für sie keine Lizenz ausgestellt.', copiedAction: 'Ansehen und entscheiden',
    since: 'Seit', role: 'Ihre Rolle', cluster: 'Clusterstandort', at: 'Auf einen Blick', licenses: 'Lizenzen', products: 'Alle Produkte', you: 'Sie',
  },

  legal: {
    companyName: 'Firma', street: 'Straße und Hausnummer', postalCode: 'Postleitzahl', city: 'Ort', country: 'Land', countryPick: 'Land wählen', vatId: 'USt-IdNr.',
    vatIdText: 'Mit dem Länderkürzel, etwa DE123456789. Lassen Sie das Feld leer, wenn es keine gibt.',
    contactName: 'Ansprechperson', contactEmail: 'E-Mail der Ansprechperson', contactPhone: 'Telefon der Ansprechperson', address: 'Anschrift', contact: 'Kontakt',
    missing: 'Diese Angabe fehlt.', wrong: { 'country': 'Dieses Land gibt es nicht.', 'vat-id': 'Das ist keine USt-IdNr. von {{country}}.', email: 'Das ist keine E-Mail-Adresse.' },
  },

  settings: {
    title: 'Meine Organisation', subtitle: 'Wer {{name}} ist, und Ihre Rolle darin.',
    general: 'Allgemein', name: 'Name', legal: 'Rechtliche Kontaktdaten', legalText: 'Sie stehen auf Rechnungen und Verträgen. Nur für Eigentümer.',
    save: 'Änderungen speichern', saving: 'Wird gespeichert', saved: 'Gespeichert', undo: 'Änderungen verwerfen', cluster: 'Clusterstandort', unsaved: 'Noch nicht gespeichert', optional: 'Lassen Sie alles leer, um nichts anzugeben.',
    clusterChange: 'Gilt für Cloud-Daten, die von nun an entstehen.',
    ownership: 'Eigentümerschaft', ownershipText: 'Übergeben Sie diese Organisation einem anderen Mitglied. Sie beide bestätigen; Sie werden Manager.',
    offer: 'Eigentümerschaft übertragen', offerTo: 'Neuer Eigentümer', offerPick: 'Mitglied wählen', offerSearch: 'Mitglieder suchen', password: 'Ihr Passwort', passwordText: 'Bestätigt, dass Sie es sind.', passwordMissing: 'Geben Sie Ihr Passwort ein.',
    offerAction: 'Eigentümerschaft anbieten', offering: 'Das Angebot wird gesendet', offered: '{{name}} wurde die Eigentümerschaft angeboten', offeredText: 'Die Person erfährt es per E-Mail. Sie bleiben Eigentümer, bis sie annimmt.',
    waiting: '{{to}} wurde die Eigentümerschaft angeboten', waitingText: '{{from}} hat sie <at/> angeboten. Es ändert sich nichts, bis {{to}} annimmt.', withdraw: 'Angebot zurückziehen', withdrawn: 'Das Angebot wurde zurückgezogen',
    yours: '{{from}} bietet Ihnen die Eigentümerschaft an', yoursText: 'Eigentümer verantworten die rechtlichen Daten und die Abrechnung und können die Organisation löschen. {{from}} wird Manager.',
    accept: 'Eigentümer werden', accepting: 'Wird angenommen', accepted: 'Sie sind jetzt Eigentümer von {{name}}', decline: 'Ablehnen', declined: 'Sie haben die Eigentümerschaft abgelehnt', acceptTitle: 'Eigentümer von {{name}} werden?',
    noMembers: 'Noch gibt es niemanden, dem Sie sie übergeben können. Laden Sie zuerst Personen ein.',
    leave: 'Organisation verlassen', leaveText: 'Sie verlieren den Zugang zu ihren Lizenzen. Lizenzen, die Sie online verwenden, werden freigegeben.',
    leaveTitle: '{{name}} verlassen?', leaveConfirm: 'Lizenzen von {{name}}, die Sie online verwenden, werden freigegeben; jeder Platz ist frei, wenn sein Rechner es bestätigt, spätestens wenn seine Lizenzdatei endet. Lizenzen im Offline-Modus bleiben auf ihren Rechnern verwendbar, bis ihre Dateien enden. Nur eine Einladung bringt Sie zurück.',
    leaving: 'Wird verlassen', left: 'Sie haben {{name}} verlassen', lastOwner: 'Sie sind der einzige Eigentümer: Übertragen Sie zuerst die Eigentümerschaft, oder löschen Sie die Organisation.',
    delete: 'Organisation löschen', deleteText: 'Personen, Lizenzen und Verlauf von {{name}} verschwinden endgültig. Das lässt sich nicht rückgängig machen.',
    deleteTitle: '{{name}} endgültig löschen?', deleteType: 'Geben Sie zur Bestätigung {{name}} ein', deleting: 'Wird gelöscht', deleted: '{{name}} wurde gelöscht',
    leasesOut_one: 'Eine Lizenz ist noch in Gebrauch, deshalb ist das Löschen noch nicht möglich', leasesOut_other: '{{count}} Lizenzen sind noch in Gebrauch, deshalb ist das Löschen noch nicht möglich',
    leasesText: 'Geben Sie die im Online-Modus unter „Rechner“ frei. Die im Offline-Modus kommen durch einen Freigabenachweis zurück, oder wenn ihre Datei endet.',
    leasesList: 'Lizenzen in Gebrauch', toMachines: 'Zu den Rechnern', checking: 'Es wird nach Lizenzen in Gebrauch gesehen', product: 'Produkt', machine: 'Rechner', holder: 'Person', until: 'Bis', nobody: 'niemand mit Namen',
  },
  why: {
    'last-owner': 'Es muss mindestens einen Eigentümer geben. Übertragen Sie zuerst die Eigentümerschaft.',
    'name-taken': 'Eine andere Organisation hat diesen Namen.',
  },
};
