import type { common as english } from '../en/common.ts';
import type { Translation } from '../translation.ts';

/**
 * Words that both entries use. One German word per idea, here and in the mails: authority = Lizenzstelle, machine = Rechner, seat = Platz,
 * lease = Ausleihe, check out = ausleihen, renew = verlängern, release = freigeben, activation request = Anforderung (Anforderungsdatei),
 * license file = Lizenzdatei, release proof = Freigabenachweis, receipt = Quittung, keyset = Schlüsselsatz, picker = Auswahl,
 * assign = zuweisen, invitation = Einladung, in transit = unterwegs, at risk = ungewiss.
 */
export const common: Translation<typeof english> = {
  brand: 'Latchkey',
  actions: {
    cancel: 'Abbrechen', close: 'Schließen', retry: 'Erneut versuchen', refresh: 'Aktualisieren', release: 'Freigeben', save: 'Speichern', copy: 'Kopieren', download: 'Herunterladen',
    signIn: 'Anmelden', signOut: 'Abmelden', back: 'Zurück', next: 'Weiter', change: 'Wechseln', showMore: 'Mehr anzeigen', dismiss: 'Ausblenden',
  },
  waiting: { text: 'Warten auf die Lizenzstelle …', stop: 'Nicht länger warten' },
  signIn: { email: 'E-Mail', password: 'Passwort', otp: 'Code', showPassword: 'Passwort anzeigen', hidePassword: 'Passwort verbergen' },
  mode: { online: 'online', offline: 'offline', Online: 'Online', Offline: 'Offline' },
  seats: { free: 'frei', inUse: 'in Gebrauch', inTransit: 'unterwegs', atRisk: 'ungewiss', freeOf: '{{free}} von {{owned}} frei' },
  unconfirmed: {
    badge: 'Noch nicht bestätigt',
    text: 'Freigegeben. Der Platz ist frei, wenn {{machine}} es bestätigt, spätestens {{until, when}}.',
    early: 'Früher frei machen können ihn: {{people}}.',
    owners: 'Eigentümer und Manager',
  },
  defect: { title: 'Diese Seite kann nicht angezeigt werden', text: 'Das ist ein Fehler auf unserer Seite. Ihre Lizenzen sind unverändert; beim Neuladen geht nichts verloren.', reload: 'Neu laden', log: 'Protokoll anzeigen' },
  saving: {
    begun: '{{file}} wird heruntergeladen', saved: '{{file}} ist gespeichert', where: 'Im Ordner {{folder}}.', show: 'Im Ordner zeigen',
    cancelled: 'Nichts wurde gespeichert', cancelledText: 'Sie haben den Dialog geschlossen, bevor {{file}} gespeichert war. Speichern Sie die Datei erneut, wenn Sie sie brauchen.',
    failed: '{{file}} konnte nicht gespeichert werden', full: 'Der Datenträger ist voll. Schaffen Sie Platz, oder speichern Sie die Datei an einem anderen Ort.', other: 'Dort konnte nicht geschrieben werden. Speichern Sie die Datei an einem anderen Ort.',
  },
  cluster: { eu: 'Europäische Union', us: 'Vereinigte Staaten', ap: 'Asien und Pazifik' },
  role: { owner: 'Eigentümer', manager: 'Manager', editor: 'Bearbeiter', reader: 'Leser' },
  document: {
    request: 'eine Anforderung', license: 'eine Lizenzdatei', release: 'ein Freigabenachweis', receipt: 'eine Quittung', keyset: 'ein Schlüsselsatz', time: 'ein Zeitnachweis', unknown: 'ein anderes Dokument',
  },
  malformed: {
    'not-a-file': 'sie ist keine Datei', size: 'sie ist zu groß', encoding: 'sie ist kein einfacher Text', armor: 'ihre erste oder letzte Zeile fehlt', label: 'ihre erste Zeile nennt kein bekanntes Dokument',
    lines: 'ihre Zeilen sind an falschen Stellen umbrochen', base64url: 'ihr Inhalt ist abgeschnitten oder verändert', header: 'ihr Kopf ist nicht lesbar', typ: 'ihr Kopf nennt kein bekanntes Dokument',
    payload: 'ihr Inhalt ist nicht lesbar', claims: 'eine Angabe fehlt oder ist zu viel', unknown: 'sie ist nicht lesbar',
  },
  part: { os: 'Betriebssystem', board: 'Hauptplatine', cpu: 'Prozessor', disk: 'Systemlaufwerk', net: 'Netzwerk' },
};
