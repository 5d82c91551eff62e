import { fail, ok } from '../result.ts';
import type { Result } from '../result.ts';

const COLUMNS = 64;
const envelope = /^-----BEGIN LATCHKEY ([A-Z ]{1,32})-----\r?\n([\s\S]*?)\r?\n-----END LATCHKEY ([A-Z ]{1,32})-----(?:\r?\n)?$/;

/** One compact JWS between armor lines, wrapped at 64 columns, ending in a newline. */
export const armor = (label: string, jws: string): string => {
  const lines: string[] = [];
  for (let at = 0; at < jws.length; at += COLUMNS) lines.push(jws.slice(at, at + COLUMNS));
  return `-----BEGIN LATCHKEY ${label}-----\n${lines.join('\n')}\n-----END LATCHKEY ${label}-----\n`;
};

/**
 * The opposite of `armor`, and nothing more lenient: lines end in LF or CRLF (mail and Windows editors change them), every
 * line but the last is 64 columns, nothing stands before or after.
 */
export const unarmor = (text: string): Result<{ readonly label: string; readonly jws: string }> => {
  const match = envelope.exec(text);
  if (!match) return fail('FILE_MALFORMED', { why: 'armor' });
  const [, label = '', body = '', closing = ''] = match;
  if (label !== closing) return fail('FILE_MALFORMED', { why: 'label' });
  const lines = body.split(/\r?\n/);
  const wrapped = lines.every((line, index) =>
    index < lines.length - 1 ? line.length === COLUMNS : line.length > 0 && line.length <= COLUMNS,
  );
  if (!wrapped) return fail('FILE_MALFORMED', { why: 'lines' });
  return ok({ label, jws: lines.join('') });
};
