import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nextFor } from '../../src-cli/next-steps.ts';
import { errors } from '../../src-renderer/messages/en/errors.ts';
import type { Words } from '../../src-renderer/messages/en/errors.ts';
import { whys } from '../../src-renderer/messages/en/whys.ts';
import { errorCodes, errorTable } from '../../src-shared/errors.ts';
import type { ErrorCode } from '../../src-shared/errors.ts';
import { whyTable } from '../../src-shared/whys.ts';

/** `docs/errors.md` as it must be: `node test/support/errors-page.ts` writes it, a test compares. */

const page = join(import.meta.dirname, '../../docs/errors.md');

/** When it happens, for somebody who builds on Latchkey or runs it. */
const when: { readonly [C in ErrorCode]: string } = {
  INPUT_INVALID: 'A value, an option or a request body is not as the contract has it.',
  NOT_SIGNED_IN: 'There is no session, or it has ended.',
  CREDENTIALS_INVALID: 'E-mail and password belong to no account; which of the two is not said.',
  OTP_REQUIRED: 'The password is right, the second factor is still missing.',
  OTP_INVALID: 'A code of the second factor is wrong, used or too old.',
  PASSWORD_WEAK: 'A new password is too short, easy to guess, or the old one.',
  LINK_ENDED: 'A mailed link was used, replaced, or is too old.',
  INVITE_ENDED: 'An invitation was answered, cancelled, or is too old.',
  RATE_LIMITED: 'Too many attempts from one address or for one account.',
  FORBIDDEN: 'The role does not allow it, or a browser asks from another site.',
  NOT_FOUND: 'There is no such thing, or the person may not see it: the two are not told apart.',
  CONFLICT: 'What is asked for contradicts what is there; `why` says what.',
  CANCELLED: 'The person stopped waiting.',
  AUTHORITY_UNREACHABLE: 'No answer of ours came back from the authority; `why` says where it ended.',
  LICENSE_NOT_FOUND: 'The organization does not own the license.',
  LICENSE_NOT_STARTED: 'The license begins later.',
  LICENSE_EXPIRED: 'The license itself has ended.',
  LICENSE_SUSPENDED: 'The license is not given out for now.',
  LICENSE_NOT_ASSIGNED: 'The license is only for people it is assigned to.',
  ROLE_NOT_ALLOWED: 'The role in the organization does not use licenses of this kind.',
  MODE_NOT_ALLOWED: 'The license is not given out online, or not offline.',
  PERIOD_NOT_ALLOWED: 'The offline period is longer than the license allows.',
  SEAT_LIMIT_EXCEEDED: 'Every seat is in use, in transit or at risk.',
  LEASE_LIMIT_EXCEEDED: 'The person holds the license on another machine.',
  LEASE_NOT_FOUND: 'There is no such lease, or it is another machine\u2019s or another organization\u2019s.',
  LEASE_EXPIRED: 'The last file of the lease has ended.',
  LEASE_RELEASED: 'The lease was given up; its files are refused for ever.',
  LEASE_REVOKED: 'The organization has ended the lease.',
  LEASE_OFFLINE: 'Only the machine itself can give the lease back.',
  FILE_MALFORMED: 'Stage one: it is not a document of ours, or it is damaged.',
  FILE_WRONG_KIND: 'It is a document of ours that does not belong here.',
  FILE_NOT_GENUINE: 'Stage two: no trusted key has signed exactly this.',
  FILE_NOT_YET_VALID: 'A request was made later than it is now at the authority.',
  FILE_EXPIRED: 'A genuine file whose time is over.',
  FILE_STALE: 'A later document has taken its place.',
  FILE_WRONG_MACHINE: 'A genuine file of another machine.',
  FILE_WRONG_AUTHORITY: 'It names another authority than the one that is trusted.',
  REQUEST_UNKNOWN: 'A file that answers a request which was not made here, was discarded, or was used.',
  REQUEST_EXPIRED: 'A request is older than 14 days.',
  FINGERPRINT_MISMATCH: 'Too many parts of the computer are others than when the file was made.',
  MACHINE_CLONED: 'A machine\u2019s number was used by two documents: its profile was copied or restored.',
  CLOCK_ROLLED_BACK: 'The clock is more than an hour behind the highest time seen, or ahead of the authority where something seems to have ended.',
  STORE_ROLLED_BACK: 'The local database is older than the second copy of the counter.',
  STORE_UNUSABLE: 'The local data cannot be read, written or trusted; `why` says what is the matter.',
  TRUST_MISSING: 'No keyset is known here.',
  KEYSET_STALE: 'A keyset older than the one that is trusted.',
  INTERNAL: 'A defect; the log has the rest under the number that is shown.',
};

/** The facts stand in the sentences by their names. */
const plain = (text: string): string => text.replace(/\{\{(\w+)[^}]*\}\}/g, '`$1`').replaceAll('|', '\\|');

export const errorsPage = (): string => {
  const rows = errorCodes.map((code) => {
    const { status, exit } = errorTable[code];
    return `| \`${code}\` | ${status} | ${exit} | ${when[code]} | ${plain(errors[code].next)} | ${plain(nextFor(code))} |`;
  });
  const because = Object.entries(whyTable).flatMap(([code, each]) =>
    each.map((why) => {
      const words: Words = { ...errors[code as ErrorCode], ...(whys as Readonly<Record<string, Readonly<Record<string, Partial<Words>>>>>)[code]?.[why] };
      return `| \`${code}\` | \`${why}\` | ${plain(words.text)} | ${plain(words.next)} |`;
    }));
  return `# Error codes

Everything that goes wrong as one can foresee leaves Latchkey as one of these ${errorCodes.length} codes, with facts: over HTTP as \`{"ok":false,"code","details"}\` with the status, on the
command line with \`--json\` as \`{"error":{"code","message","details"}}\` with the exit status, in the app and the portal as words. The table is \`src-shared/errors.ts\`; this page is
written by \`node test/support/errors-page.ts\`, and \`test/unit/errors\` keeps table, words in English and German, command line and page in step, and sees that a test provokes each code.

| code | HTTP | exit | happens when | what a person is told to do | what the command line says |
|---|---|---|---|---|---|
${rows.join('\n')}

Where a screen can take the step itself, it is a button: with a file in hand (import, answer, accept, make a new request, fetch the keys, ask for the time, look at the machine), after a lost
connection (try again), after the end of a session (sign in).

## Why

\`details.why\` is closed as well (\`src-shared/whys.ts\`). What an operating system, SQLite or the network says in its own words (\`ENOSPC\`, \`SQLITE_FULL\`, \`CERT_HAS_EXPIRED\`) is brought to one of these.

| code | why | what a person is told | and to do |
|---|---|---|---|
${because.join('\n')}
`;
};

if (process.argv[1] === import.meta.filename) writeFileSync(page, errorsPage());
export const writtenPage = (): string => readFileSync(page, 'utf8');
