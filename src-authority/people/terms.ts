import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locale } from '../adapter/schema.ts';

export type TermsDocument = 'agreement' | 'privacy';

/** The versions in force. A new text is a new version: what people accepted is told by it. */
export const terms = { agreement: '2026-11', privacy: '2026-11' } as const;

const folder = join(import.meta.dirname, '../../assets/legal');

/** The text of a document: its first line is the title, paragraphs are parted by empty lines, `## ` begins a heading. */
export const termsText = (document: TermsDocument, locale: Locale): { readonly version: string; readonly title: string; readonly text: string } => {
  const whole = readFileSync(join(folder, locale, `${document}-${terms[document]}.md`), 'utf8');
  const [first = '', ...rest] = whole.split('\n');
  return { version: terms[document], title: first.replace(/^# /, ''), text: rest.join('\n').trim() };
};
