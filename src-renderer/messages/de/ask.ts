import type { ask as english } from '../en/ask.ts';
import type { Translation } from '../translation.ts';

export const ask: Translation<typeof english> = {
  assignment: 'Um Zuweisung bitten',
  release: 'Um Freigabe bitten',
  releaseOf: 'Um Freigabe bitten: {{product}}, {{person}}',
  title: { assignment: 'Um {{product}} bitten', release: '{{person}} um {{product}} bitten' },
  text: {
    assignment: 'Eigentümer und Manager von {{organization}} erfahren es per E-Mail und finden es unter Anfragen.',
    release: '{{person}} erfährt es per E-Mail und kann sie mit einem Klick freigeben.',
  },
  note: 'Nachricht',
  noteText: 'Optional: wofür Sie sie brauchen, und wann.',
  action: 'Bitte senden',
  pending: 'Wird gesendet',
  done: 'Ihre Bitte ist gesendet',
  doneText: { assignment: 'Die Auswahl zeigt {{product}}, sobald sie Ihnen zugewiesen ist.', release: 'Die Auswahl zeigt {{product}} als frei, sobald sie freigegeben ist.' },
  asked: 'Sie haben am {{at, when}} darum gebeten',
  conflict: 'Sie haben schon darum gebeten, oder es ist nicht mehr nötig.',
};
