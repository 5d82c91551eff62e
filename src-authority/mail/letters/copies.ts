import { letterTime } from '../letter.ts';
import type { Letter } from '../letter.ts';

export type MachineClonedFacts = { readonly organization: string; readonly machine: string; readonly at: number; readonly link: string };

export const machineClonedLetter: Letter<MachineClonedFacts> = {
  en: (facts) => ({
    subject: `${facts.machine} exists twice: please decide`,
    lines: [
      'Hello,',
      `Two computers use the same profile of ${facts.machine} (${facts.organization}). It was noticed on ${letterTime('en', facts.at)}.`,
      'Most often a disk or a virtual machine was copied, or an old backup was restored. Until you decide, this machine gets no license and none of its licenses is extended. What it holds already goes on until it ends.',
      { link: facts.link, label: 'Look at the machine and decide' },
      'Every owner and manager of the organization has this letter; the first decision counts.',
    ],
  }),
  de: (facts) => ({
    subject: `${facts.machine} gibt es zweimal: Bitte entscheiden Sie`,
    lines: [
      'Guten Tag,',
      `Zwei Computer verwenden dasselbe Profil von ${facts.machine} (${facts.organization}). Bemerkt wurde es am ${letterTime('de', facts.at)}.`,
      'Meist wurde eine Festplatte oder eine virtuelle Maschine kopiert oder eine alte Sicherung zurückgespielt. Bis Sie entscheiden, erhält dieser Rechner keine Lizenz, und keine seiner Lizenzen wird verlängert. Was er schon hat, gilt bis zu seinem Ende weiter.',
      { link: facts.link, label: 'Rechner ansehen und entscheiden' },
      'Alle Eigentümer und Manager der Organisation haben diese Nachricht erhalten; die erste Entscheidung gilt.',
    ],
  }),
};
