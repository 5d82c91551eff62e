import type { myLicenses as english } from '../en/my-licenses.ts';
import type { Translation } from '../translation.ts';

export const myLicenses: Translation<typeof english> = {
  title: 'Meine Lizenzen',
  subtitle: 'Jede Lizenz, die Sie haben, auf jedem Rechner.',
  list: 'Ihre Lizenzen',
  columns: { product: 'Produkt', machine: 'Rechner', state: 'Status', until: 'Bis', expiry: 'Lizenz endet', actions: 'Aktionen' },
  thisMachine: 'Dieser Rechner',
  noEnd: 'Ohne Ende',
  state: { active: 'In Gebrauch', ended: 'Beendet', released: 'Freigegeben', revoked: 'Entzogen' },
  unconfirmed: 'Unterwegs',
  unconfirmedText: 'Der Rechner hat diese Lizenzdatei noch nicht bestätigt.',
  seatBackAt: 'Der Platz ist spätestens {{at, when}} zurück',
  release: 'Freigeben',
  releaseOf: '{{product}} auf {{machine}} freigeben',
  offlineOf: 'So kommt {{product}} von {{machine}} zurück',
  howBack: 'Zurückgeben',
  confirm: {
    title: 'Lizenz freigeben?',
    text: '{{product}} auf {{machine}} geht an {{organization}} zurück. Ist {{machine}} verbunden, hört der Rechner binnen Sekunden auf, sie zu verwenden, und der Platz ist frei. Antwortet er nicht, bleibt der Platz bis {{until, when}} belegt.',
    unsaved: 'Offene Arbeit sollte dort vorher gespeichert werden.',
    action: 'Lizenz freigeben',
    pending: 'Die Lizenz wird freigegeben',
  },
  offline: {
    title: 'Das kann nur {{machine}} freigeben',
    text: '{{product}} ist auf {{machine}} im Offline-Modus. Der Platz bleibt bis {{until, when}} belegt, denn so lange darf der Rechner ohne Netzwerk arbeiten.',
    connected: 'Hat der Rechner ein Netzwerk: Öffnen Sie dort Latchkey und wählen Sie „Freigeben“.',
    byFile: 'Hat er keines: Öffnen Sie dort Latchkey, speichern Sie unter „Lizenz in Gebrauch“ einen Freigabenachweis, tragen Sie die Datei zu einem verbundenen Rechner und legen Sie sie im Portal unter „Offline-Rechner“ ab.',
    lost: 'Ist der Rechner verloren oder defekt, kann niemand den Platz früher freigeben: Er ist am {{until, when}} frei. Lässt sich Latchkey dort noch starten, speichern Sie den Nachweis und bringen Sie ihn her.',
  },
  released: '{{product}} auf {{machine}} wurde freigegeben',
  empty: { title: 'Sie haben keine Lizenz', text: 'Lizenzen, die Sie wählen, erscheinen hier, auf welchem Rechner Sie sie auch verwenden.' },
  loading: 'Die Lizenzstelle wird gefragt',
};
