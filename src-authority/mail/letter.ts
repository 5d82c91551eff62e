import type { Locale } from '../adapter/schema.ts';

/** A letter: the same words in every language, told to people about their own affairs. Facts are given as they are; what is escaped is escaped here. */
export type Letter<Facts> = { readonly [L in Locale]: (facts: Facts) => Words };

export type Words = { readonly subject: string; readonly lines: readonly Line[] };

/** A paragraph, a link that does what the letter is about, a code to be typed, or a list. */
export type Line = string | { readonly link: string; readonly label: string } | { readonly code: string } | { readonly list: readonly string[] };

export type Written = { readonly subject: string; readonly text: string; readonly html: string };

const foot: { readonly [L in Locale]: string } = {
  en: 'Latchkey sent this letter by itself. Nobody reads answers to it.',
  de: 'Latchkey hat diese Nachricht automatisch gesendet. Antworten darauf liest niemand.',
};

/** SECURITY: names come from people; nothing of theirs becomes markup. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[sign] ?? sign);

/** SECURITY: a name neither begins a paragraph of its own nor turns the direction of what is written around it. */
const inLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ');

/** SECURITY: a subject is one line, so that no name can add a header. */
const oneLine = (text: string): string => inLine(text).trim();

const asText = (line: Line): string => {
  if (typeof line === 'string') return inLine(line);
  if ('link' in line) return `${line.label}:\n${line.link}`;
  if ('code' in line) return `    ${line.code}`;
  return line.list.map((entry) => `- ${inLine(entry)}`).join('\n');
};

const asHtml = (line: Line): string => {
  if (typeof line === 'string') return `<p>${escapeHtml(inLine(line))}</p>`;
  if ('link' in line) {
    const address = escapeHtml(line.link);
    return (
      `<p><a href="${address}" style="display:inline-block;padding:10px 18px;border-radius:6px;background:#1f5fbf;color:#ffffff;text-decoration:none;font-weight:600">${escapeHtml(line.label)}</a></p>` +
      `<p style="font-size:13px;color:#555555;word-break:break-all">${address}</p>`
    );
  }
  if ('code' in line) return `<p style="font-size:28px;letter-spacing:4px;font-family:monospace">${escapeHtml(line.code)}</p>`;
  return `<ul>${line.list.map((entry) => `<li>${escapeHtml(inLine(entry))}</li>`).join('')}</ul>`;
};

/** The letter as it is sent: plain text, and HTML that loads nothing. */
export const writeLetter = <Facts>(letter: Letter<Facts>, locale: Locale, facts: Facts): Written => {
  const { subject, lines } = letter[locale](facts);
  const line = oneLine(subject);
  return {
    subject: line,
    text: `${[...lines.map(asText), `-- \n${foot[locale]}`].join('\n\n')}\n`,
    html:
      `<!doctype html><html lang="${locale}"><head><meta charset="utf-8"><title>${escapeHtml(line)}</title></head>` +
      '<body style="margin:0;padding:24px;background:#ffffff;color:#1a1a1a;font:16px/1.5 system-ui,-apple-system,Segoe UI,sans-serif"><div style="max-width:560px;margin:0 auto">' +
      `${lines.map(asHtml).join('')}<hr style="border:0;border-top:1px solid #dddddd"><p style="font-size:13px;color:#555555">${escapeHtml(foot[locale])}</p></div></body></html>`,
  };
};

/** A time as a letter says it: the day and the time of day in UTC, which is the same wherever it is read. */
export const letterTime = (locale: Locale, at: number): string =>
  `${new Intl.DateTimeFormat(locale === 'de' ? 'de-DE' : 'en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).format(at * 1000)} UTC`;
