import type { Translation } from '../translation.ts';
import type { settings as english } from '../en/settings.ts';

/** Die Wörter der Einstellungen der App. */
export const settings: Translation<typeof english> = {
  title: 'Einstellungen',
  lead: 'Sie gelten für diesen Computer und nur für Sie.',
  background: { title: 'Start und Hintergrund', text: 'Eine Lizenz wird nur verlängert, solange Latchkey läuft.' },
  login: {
    label: 'Latchkey starten, wenn Sie sich an diesem Computer anmelden',
    text: 'Es startet im Hintergrund, ohne Fenster.',
    locked: {
      administrator: 'Ihre Administration hat das festgelegt.',
      unpackaged: 'Nur ein installiertes Latchkey kann bei der Anmeldung starten. Dieses läuft aus seinen Quellen.',
      'foreign-file': 'Ein anderes Programm hat eine Datei namens latchkey-at-login.desktop in Ihren Autostart-Ordner gelegt. Entfernen Sie sie, um das hier zu ändern.',
    },
    blocked: {
      'task-manager': { title: 'Windows startet Latchkey nicht', text: 'Es wurde im Task-Manager oder in den Einstellungen unter Apps, Autostart ausgeschaltet.', action: 'Wieder einschalten' },
      approval: { title: 'macOS startet Latchkey nicht', text: 'Erlauben Sie es in den Systemeinstellungen unter Allgemein, Anmeldeobjekte.' },
    },
    refused: { title: 'Das System hat das nicht übernommen', text: 'Latchkey startet nicht bei der Anmeldung. Stellen Sie sicher, dass es am üblichen Ort installiert ist, und versuchen Sie es noch einmal.' },
  },
  closing: {
    label: 'Wenn Sie das Fenster schließen',
    stay: 'Latchkey läuft weiter',
    stayTray: 'Sie finden es im Infobereich.',
    stayMenuBar: 'Sie finden es in der Menüleiste.',
    stayMinimized: 'Dieser Desktop zeigt keine Symbole im Infobereich, deshalb wird das Fenster minimiert.',
    quit: 'Latchkey wird beendet',
    quitText: 'Lizenzen gelten, bis ihre Zeit abgelaufen ist, und werden erst wieder verlängert, wenn Sie es neu starten.',
  },
};
