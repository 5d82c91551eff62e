import type { Locale } from '../../adapter/schema.ts';
import { letterTime } from '../letter.ts';
import type { Letter, Line } from '../letter.ts';

/** Letters about licenses that people are given, lose, and ask for. `product`: its name, with the edition. */

const note: { readonly [L in Locale]: (from: string, text: string) => readonly Line[] } = {
  en: (from, text) => (text === '' ? [] : [`${from} writes: “${text}”`]),
  de: (from, text) => (text === '' ? [] : [`${from} schreibt: „${text}“`]),
};

/** A license that a person ended from elsewhere. `until`: when its seat is free at the latest. */
export type EndedLease = { readonly product: string; readonly machine: string; readonly until: number };

/** What ended, and when its seats are free: below the words that say why it ended. */
export const endedLines: { readonly [L in Locale]: (ended: readonly EndedLease[]) => readonly Line[] } = {
  en: (ended) => [
    { list: ended.map(({ product, machine, until }) => `${product} on ${machine}: until ${letterTime('en', until)} at the latest`) },
    ended.length === 1 ? 'Its seat is free when that machine confirms the release, at the latest at this time.' : 'Each seat is free when its machine confirms the release, at the latest at the time shown.',
  ],
  de: (ended) => [
    { list: ended.map(({ product, machine, until }) => `${product} auf ${machine}: spätestens bis ${letterTime('de', until)}`) },
    ended.length === 1 ? 'Der Platz ist frei, wenn dieser Rechner die Freigabe bestätigt, spätestens zu dieser Zeit.' : 'Jeder Platz ist frei, wenn sein Rechner die Freigabe bestätigt, spätestens zur genannten Zeit.',
  ],
};

export type AssignmentRequestedFacts = { readonly organization: string; readonly from: string; readonly email: string; readonly product: string; readonly note: string; readonly link: string };

export const assignmentRequestedLetter: Letter<AssignmentRequestedFacts> = {
  en: (facts) => ({
    subject: `${facts.from} asks for ${facts.product}`,
    lines: [
      'Hello,',
      `${facts.from} (${facts.email}) asks to be assigned ${facts.product} of ${facts.organization}.`,
      ...note.en(facts.from, facts.note),
      { link: facts.link, label: 'Answer the request' },
      'Every owner and manager of the organization has this letter; the first answer counts.',
    ],
  }),
  de: (facts) => ({
    subject: `${facts.from} bittet um ${facts.product}`,
    lines: [
      'Guten Tag,',
      `${facts.from} (${facts.email}) bittet um die Zuweisung von ${facts.product} von ${facts.organization}.`,
      ...note.de(facts.from, facts.note),
      { link: facts.link, label: 'Anfrage beantworten' },
      'Alle Eigentümer und Manager der Organisation haben diese Nachricht erhalten; die erste Antwort gilt.',
    ],
  }),
};

/** `by`: null where the operator did it. */
export type AssignedFacts = { readonly organization: string; readonly by: string | null; readonly products: readonly string[]; readonly link: string };

export const assignedLetter: Letter<AssignedFacts> = {
  en: (facts) => ({
    subject: facts.products.length === 1 ? `${facts.products[0]} is assigned to you` : `${facts.products.length} licenses are assigned to you`,
    lines: ['Hello,', facts.by === null ? `In ${facts.organization} these licenses are now assigned to you:` : `${facts.by} has assigned to you, in ${facts.organization}:`, { list: facts.products }, 'You can choose them in Latchkey when a seat is free.', { link: facts.link, label: 'See the licenses' }],
  }),
  de: (facts) => ({
    subject: facts.products.length === 1 ? `${facts.products[0]} ist Ihnen zugewiesen` : `${facts.products.length} Lizenzen sind Ihnen zugewiesen`,
    lines: ['Guten Tag,', facts.by === null ? `In ${facts.organization} sind Ihnen jetzt diese Lizenzen zugewiesen:` : `${facts.by} hat Ihnen in ${facts.organization} zugewiesen:`, { list: facts.products }, 'Sie können sie in Latchkey wählen, sobald ein Platz frei ist.', { link: facts.link, label: 'Lizenzen ansehen' }],
  }),
};

export type UnassignedFacts = { readonly organization: string; readonly by: string | null; readonly products: readonly string[]; readonly ended: readonly EndedLease[] };

export const unassignedLetter: Letter<UnassignedFacts> = {
  en: (facts) => ({
    subject: facts.products.length === 1 ? `${facts.products[0]} is no longer assigned to you` : `${facts.products.length} licenses are no longer assigned to you`,
    lines: [
      'Hello,',
      facts.by === null ? `In ${facts.organization} these licenses are no longer assigned to you:` : `${facts.by} has taken back what was assigned to you in ${facts.organization}:`,
      { list: facts.products },
      ...(facts.ended.length === 0 ? [] : ['These licenses were released with it:', ...endedLines.en(facts.ended)]),
    ],
  }),
  de: (facts) => ({
    subject: facts.products.length === 1 ? `${facts.products[0]} ist Ihnen nicht mehr zugewiesen` : `${facts.products.length} Lizenzen sind Ihnen nicht mehr zugewiesen`,
    lines: [
      'Guten Tag,',
      facts.by === null ? `In ${facts.organization} sind Ihnen diese Lizenzen nicht mehr zugewiesen:` : `${facts.by} hat Zuweisungen an Sie in ${facts.organization} zurückgenommen:`,
      { list: facts.products },
      ...(facts.ended.length === 0 ? [] : ['Damit wurden diese Lizenzen freigegeben:', ...endedLines.de(facts.ended)]),
    ],
  }),
};

export type ReleaseAskedFacts = {
  readonly organization: string;
  readonly from: string;
  readonly email: string;
  readonly product: string;
  readonly machine: string;
  readonly note: string;
  readonly link: string;
};

export const releaseAskedLetter: Letter<ReleaseAskedFacts> = {
  en: (facts) => ({
    subject: `${facts.from} asks for the seat of ${facts.product} on ${facts.machine}`,
    lines: [
      'Hello,',
      `${facts.from} (${facts.email}) asks that ${facts.product} of ${facts.organization} is released on ${facts.machine}, and needs the seat.`,
      ...note.en(facts.from, facts.note),
      { link: facts.link, label: 'Answer the request' },
      'Save the work there before you agree: the license ends on that machine at once.',
    ],
  }),
  de: (facts) => ({
    subject: `${facts.from} bittet um den Platz von ${facts.product} auf ${facts.machine}`,
    lines: [
      'Guten Tag,',
      `${facts.from} (${facts.email}) bittet darum, ${facts.product} von ${facts.organization} auf ${facts.machine} freizugeben, und braucht den Platz.`,
      ...note.de(facts.from, facts.note),
      { link: facts.link, label: 'Anfrage beantworten' },
      'Speichern Sie dort Ihre Arbeit, bevor Sie zustimmen: Die Lizenz endet auf diesem Rechner sofort.',
    ],
  }),
};

export type TaskAnsweredFacts = {
  readonly kind: 'assignment' | 'release';
  readonly granted: boolean;
  readonly by: string;
  readonly organization: string;
  readonly product: string;
  /** The lease that was ended; null where none had to be. */
  readonly ended: Pick<EndedLease, 'machine' | 'until'> | null;
  readonly link: string;
};

export const taskAnsweredLetter: Letter<TaskAnsweredFacts> = {
  en: ({ kind, granted, by, organization, product, ended, link }) => {
    const done = kind === 'assignment' ? `${product} of ${organization} is now assigned to you.` : `${product} of ${organization} was released${ended === null ? '' : ` on ${ended.machine}`}.`;
    const seat = ended === null ? [] : [`The seat is free when ${ended.machine} confirms the release, at the latest on ${letterTime('en', ended.until)}. Latchkey then lets you choose the license.`];
    const declined = kind === 'assignment' ? `${by} has declined to assign ${product} of ${organization} to you.` : `${by} has declined to release ${product} of ${organization}.`;
    return {
      subject: granted ? `${by} has granted your request for ${product}` : `${by} has declined your request for ${product}`,
      lines: ['Hello,', granted ? `${by} has granted your request. ${done}` : declined, ...seat, { link, label: 'See your requests' }],
    };
  },
  de: ({ kind, granted, by, organization, product, ended, link }) => {
    const done = kind === 'assignment' ? `${product} von ${organization} ist Ihnen jetzt zugewiesen.` : `${product} von ${organization} wurde${ended === null ? '' : ` auf ${ended.machine}`} freigegeben.`;
    const seat = ended === null ? [] : [`Der Platz ist frei, wenn ${ended.machine} die Freigabe bestätigt, spätestens am ${letterTime('de', ended.until)}. Dann können Sie die Lizenz in Latchkey wählen.`];
    const declined = kind === 'assignment' ? `${by} hat es abgelehnt, Ihnen ${product} von ${organization} zuzuweisen.` : `${by} hat es abgelehnt, ${product} von ${organization} freizugeben.`;
    return {
      subject: granted ? `${by} hat Ihre Anfrage zu ${product} bewilligt` : `${by} hat Ihre Anfrage zu ${product} abgelehnt`,
      lines: ['Guten Tag,', granted ? `${by} hat Ihre Anfrage bewilligt. ${done}` : declined, ...seat, { link, label: 'Anfragen ansehen' }],
    };
  },
};

export type MachineReleasedFacts = { readonly organization: string; readonly by: string; readonly at: number; readonly leases: readonly EndedLease[] };

export const machineReleasedLetter: Letter<MachineReleasedFacts> = {
  en: (facts) => ({
    subject: facts.leases.length === 1 ? `${facts.leases[0]?.product} was released on ${facts.leases[0]?.machine}` : `${facts.leases.length} of your licenses were released`,
    lines: [
      'Hello,',
      `${facts.by} has released, in ${facts.organization}, what you had in use (${letterTime('en', facts.at)}):`,
      ...endedLines.en(facts.leases),
      'You can choose a license again in Latchkey when a seat is free.',
    ],
  }),
  de: (facts) => ({
    subject: facts.leases.length === 1 ? `${facts.leases[0]?.product} wurde auf ${facts.leases[0]?.machine} freigegeben` : `${facts.leases.length} Ihrer Lizenzen wurden freigegeben`,
    lines: [
      'Guten Tag,',
      `${facts.by} hat in ${facts.organization} freigegeben, was Sie in Gebrauch hatten (${letterTime('de', facts.at)}):`,
      ...endedLines.de(facts.leases),
      'Sie können in Latchkey wieder eine Lizenz wählen, sobald ein Platz frei ist.',
    ],
  }),
};
