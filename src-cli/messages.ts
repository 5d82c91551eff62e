import type { Details, ErrorCode } from '../src-shared/errors.ts';
import { partName } from './parts.ts';
import { whyOf } from '../src-shared/whys.ts';
import { whyClause } from './why-words.ts';

const text = (value: unknown): string => (typeof value === 'string' && value !== '' ? value : (JSON.stringify(value) ?? '?'));

/** A time as a terminal shows it: UTC, to the minute. */
export const showTime = (seconds: unknown): string =>
  typeof seconds === 'number' ? `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC` : 'an unknown time';

/** What a library says, as a sentence. */
const sentence = (said: string): string => `${said.charAt(0).toUpperCase()}${said.slice(1)}${/[.!?)]$/.test(said) ? '' : '.'}`;

const clause = (details: Details, name: string, before: string): string => (details[name] === undefined ? '' : `${before}${text(details[name])}`);

/** Whether a place where something was wrong is a variable of the environment. */
const isVariable = (at: unknown): at is string => typeof at === 'string' && /^LATCHKEY_[A-Z_]+$/.test(at);

const inputInvalid = (details: Details): string => {
  switch (details['why']) {
    case 'not-found': return `There is no file at ${text(details['path'])}.`;
    case 'not-a-file': return `${text(details['path'])} is not a regular file.`;
    case 'not-a-folder': return `${text(details['path'])} is not a folder.`;
    case 'name-too-long': return `The name ${text(details['path'])} is too long for a file.`;
    case 'no-directory': return `The folder of ${text(details['path'])} does not exist.`;
    case 'tilde': return `The path${clause(details, 'path', ' ')}${clause(details, 'at', ' in ')} begins with the home of another person, which is not looked up here.`;
    case 'output': return details['problem'] === 'ENOSPC' ? 'The output cannot be written: the disk is full.' : `The output cannot be written${clause(details, 'problem', ': ')}.`;
    case 'not-readable': return `${text(details['path'])} cannot be read.`;
    case 'home-file': return `${text(details['path'])} is a file of a Latchkey home: nothing else is written there.`;
    case 'same-file': return `${text(details['path'])} is named twice: this command would write over it.`;
    case 'not-writable': return `${text(details['path'])} cannot be written${whyOf('STORE_UNUSABLE', { why: details['problem'] ?? null }) === 'full' ? ': the disk is full' : ''}.`;
    case 'address': {
      if (details['field'] === 'authority') return `The address ${text(details['address'])} is not one of a license authority: that is https, or http on this computer, without a user name or password.`;
      if (isVariable(details['at'])) return `The address in ${details['at']} cannot be used.`;
      return `The address${clause(details, 'at', ' ')} cannot be used${clause(details, 'problem', ': ')}.`;
    }
    case 'usage': return typeof details['message'] === 'string' ? sentence(details['message']) : 'The command was not understood.';
    case 'confirm': {
      const leases = typeof details['leases'] === 'number' ? details['leases'] : 0;
      const files = leases === 1 ? '1 license file in use' : `${leases} license files in use`;
      const consequence = details['role'] === 'license' ? `and ${files} would have to be issued anew` : 'and machines that know no other root could no longer be given keysets';
      return `Revoking ${text(details['kid'])} cannot be undone, ${consequence}. Say --yes to do it without being asked.`;
    }
    default: {
      const problem = details['problem'] ?? details['why'];
      const at = details['at'] ?? details['path'] ?? details['field'];
      return `What was given is not valid${at === undefined || at === '' ? '' : ` at ${text(at)}`}${problem === undefined ? '' : `: ${text(problem)}`}.`;
    }
  }
};

const until = (details: Details, name: string, before: string): string => (typeof details[name] === 'number' ? `${before}${showTime(details[name])}` : '');

const otpRequired = ({ expiresAt }: Details): string =>
  `A one-time code is needed to sign in${expiresAt === undefined ? '' : '; one was sent by mail'}.`;

const conflict = (details: Details): string => {
  const { why, wanted, chosen } = details;
  if (why === 'purpose' && wanted === 'time') return 'This request asks for the time: answer it with a time ticket (authority time REQUEST --out FILE).';
  if (why === 'purpose' && chosen === 'time') return 'This request asks for a license, not for the time: answer it with a license file (authority answer).';
  switch (why) {
    case 'held-offline': return `This machine has this license offline already${until(details, 'until', ', until ')}.`;
    case 'clock-right': return 'The clock of this computer is right: no time ticket is needed.';
    case 'last-root': return 'This is the only root key in force: without one no keyset could ever be signed again. Make a new one first: authority keys rotate --root.';
    case 'no-root-here': return 'No root key that could sign the next keyset is on this computer. Bring the file of one back into the folder keys.';
    case 'keyset-full': return `A keyset has room for ${text(details['most'])} keys, and none of them is revoked. Revoke one that nothing rests on (authority keys list) first.`;
    case 'key-revoked': return `This request was answered with a file whose key was revoked${until(details, 'at', ' on ')}: make a new activation request on the machine.`;
    case 'organization-id': return `The file gives ${text(details['name'])} the id ${text(details['given'])}, but it was loaded as ${text(details['organization'])}.`;
    case 'organization-unclear': return `${text(details['name'])} is not an organization that a file has given, and it could be ${text(details['organization'])} (${text(details['called'])}).`;
    case 'organization-twice': return `The file names the organization ${text(details['organization'])} twice.`;
    case 'license-twice': return `The file names ${details['license'] === null ? 'a license without an id' : `the license ${text(details['license'])}`} twice.`;
    case 'license-unclear': return `A license of ${text(details['product'])} in the file has no id, and could be ${text(details['license'])}.`;
    case 'product-leased': return `The license ${text(details['license'])} is for ${text(details['product'])} and in use: it cannot become one for ${text(details['wanted'])}. Seats in use: ${text(details['held'])}.`;
    case 'seats-held': return `The license ${text(details['license'])} cannot have ${text(details['seats'])} seats: ${text(details['held'])} are in use.`;
    default: return `This does not fit what is already there${whyClause('CONFLICT', details)}.`;
  }
};

const notGenuine = (details: Details): string => {
  const { why, needed, known } = details;
  if (why === 'key-revoked') return `The key that signed the file was revoked${until(details, 'at', ' on ')}. A connected machine gets another file by itself; without a network, make a renewal request (latchkey request --lease LEASE --out F).`;
  if (why === 'key-unknown' && needed !== undefined) return `The file is signed by a key that is not known here. Bring keyset ${text(needed)} first (authority keys export --after ${text(known)}).`;
  return `The file's signature does not hold${whyClause('FILE_NOT_GENUINE', details)}.`;
};

const clockWrong = (details: Details): string => {
  const { why, now, authority } = details;
  if (why === 'authority') return `The clock of the license authority is wrong${until(details, 'at', ': it does not fit ')}. Nothing is issued until its operator has set it right or confirmed it (authority clock). The clock of this computer is not the cause.`;
  if (why === 'machine') return `The clock of the machine is wrong: it dates the request ${showTime(now)}, and the keyset that the machine knows was signed on ${showTime(details['highest'])}. No request that it makes can be answered before its clock is right.`;
  if (why === 'signed') return `The clock of this computer is behind: it shows ${showTime(now)}, and this machine holds a document that the license authority signed on ${showTime(details['highest'])}. A request made now could not be answered.`;
  if (typeof authority === 'number' && typeof now === 'number') {
    return `The clock of this computer is ${now < authority ? 'behind' : 'ahead'}: it shows ${showTime(now)}, and the license authority says ${showTime(authority)}. Set the clock right.`;
  }
  const seen = until(details, 'highest', '; it has already seen ');
  return `The clock of this computer is behind${seen}. Set it right. If it is right, and was once set ahead: connect to the authority, or ask for a time ticket (latchkey request --time --out FILE).`;
};

/** One English sentence a code, complete by the compiler. `details` give the facts; none is required. */
const words: { readonly [C in ErrorCode]: (details: Details) => string } = {
  INPUT_INVALID: inputInvalid,
  NOT_SIGNED_IN: (details) => (details['why'] === 'ended' || details['why'] === 'expired' ? `The sign-in has ended${whyClause('NOT_SIGNED_IN', details)}.` : 'Nobody is signed in, or the sign-in has ended.'),
  CREDENTIALS_INVALID: () => 'The e-mail address or the password is wrong.',
  OTP_REQUIRED: otpRequired,
  OTP_INVALID: () => 'That code is not right, was used already, or is too old.',
  PASSWORD_WEAK: (details) => `That password is too easy to guess${whyClause('PASSWORD_WEAK', details)}.`,
  LINK_ENDED: (details) => `This link is no longer valid${whyClause('LINK_ENDED', details)}.`,
  INVITE_ENDED: (details) => `This invitation has ended${whyClause('INVITE_ENDED', details)}.`,
  RATE_LIMITED: (details) => `${details['why'] === 'busy' ? 'The license authority is busy' : 'There were too many attempts'}${whyClause('RATE_LIMITED', details)}${clause(details, 'retryAfter', '; try again in ')}${details['retryAfter'] === undefined ? '' : ' seconds'}.`,
  FORBIDDEN: (details) => (details['why'] === undefined ? 'Your role does not allow this.' : `This is not allowed${whyClause('FORBIDDEN', details)}.`),
  NOT_FOUND: () => 'There is no such thing here, or you may not see it.',
  CONFLICT: conflict,
  CANCELLED: ({ why }) => (why === 'not-confirmed' ? 'Nothing was done: it was not confirmed.' : 'You stopped waiting for the license authority; whether it was done is not known yet.'),
  AUTHORITY_UNREACHABLE: (details) => `The license authority cannot be reached${clause(details, 'url', ' at ')}${whyClause('AUTHORITY_UNREACHABLE', details)}.`,
  LICENSE_NOT_FOUND: (details) => `There is no such license${clause(details, 'license', ': ')}.`,
  LICENSE_NOT_STARTED: (details) => `The license has not started yet${until(details, 'at', '; it starts on ')}.`,
  LICENSE_EXPIRED: (details) => `The license has expired${until(details, 'at', ' on ')}.`,
  LICENSE_SUSPENDED: (details) => sentence(`The license is suspended${until(details, 'at', ' since ')}${clause(details, 'reason', ': ')}`),
  LICENSE_NOT_ASSIGNED: () => 'The license is not assigned to you.',
  ROLE_NOT_ALLOWED: () => 'Your role in the organization does not allow this license.',
  MODE_NOT_ALLOWED: (details) => `The license does not allow ${details['mode'] === undefined ? 'this mode' : `${text(details['mode'])} mode`}.`,
  PERIOD_NOT_ALLOWED: (details) => `The period is not allowed${clause(details, 'most', '; the longest is ')}${details['most'] === undefined ? '' : ' days'}.`,
  SEAT_LIMIT_EXCEEDED: (details) => `All seats of the license are taken${clause(details, 'owned', ' (')}${details['owned'] === undefined ? '' : ')'}.`,
  LEASE_LIMIT_EXCEEDED: () => 'You hold this license on another machine already; release it there first.',
  LEASE_NOT_FOUND: (details) => `There is no such lease${clause(details, 'lease', ': ')}.`,
  LEASE_EXPIRED: (details) => (details['why'] === 'renewal' ? `The lease ended${until(details, 'at', ' on ')} and cannot be extended any more; it was for the license ${text(details['license'])}.` : `The lease has expired${until(details, 'at', ' on ')}.`),
  LEASE_RELEASED: () => 'The lease has been given up, for good.',
  LEASE_REVOKED: () => 'The lease has been revoked.',
  LEASE_OFFLINE: (details) => details['why'] === 'here' ? `The license is offline, and the license authority cannot be reached to take it back${until(details, 'until', '; it ends by itself on ')}.` : `The lease is offline: only its machine can give it up, by a release proof${until(details, 'until', '; it ends by itself on ')}.`,
  FILE_MALFORMED: (details) => `The file is not a Latchkey document, or it is damaged${whyClause('FILE_MALFORMED', details)}.`,
  FILE_WRONG_KIND: (details) => `The file is another kind of document${clause(details, 'actual', ': ')}${clause(details, 'expected', ', expected: ')}.`,
  FILE_NOT_GENUINE: notGenuine,
  FILE_NOT_YET_VALID: (details) => `The file is from the future${until(details, 'at', ': ')}; check the clocks.`,
  FILE_EXPIRED: (details) => `The file has expired${until(details, 'at', ' on ')}.`,
  FILE_STALE: (details) => `A newer file has replaced this one${whyClause('FILE_STALE', details)}.`,
  FILE_WRONG_MACHINE: (details) => (details['why'] === 'proof' ? `This is the proof of another machine${whyClause('FILE_WRONG_MACHINE', details)}.` : 'The file is for another machine.'),
  FILE_WRONG_AUTHORITY: (details) => details['why'] === 'answers'
    ? `Another license authority answers at this address${clause(details, 'actual', ': ')}${clause(details, 'expected', '; this machine trusts ')}.`
    : 'The file belongs to another license authority.',
  REQUEST_UNKNOWN: () => 'The file answers a request that this machine did not make.',
  REQUEST_EXPIRED: (details) => `The activation request can no longer be answered${until(details, 'at', '; it ended on ')}.`,
  FINGERPRINT_MISMATCH: (details) =>
    details['why'] === 'too-few'
      ? `The computer shows ${text(details['same'])} of its parts${Array.isArray(details['missing']) ? ` (not: ${details['missing'].map(partName).join(', ')})` : ''}, and at least ${text(details['needed'])} are asked for.`
      : 'This is not the computer that the document was made for.',
  MACHINE_CLONED: (details) =>
    details['retired'] === true
      ? `This machine was retired${until(details, 'at', ' on ')}: nothing is issued to it again.`
      : 'Two computers use the profile of this machine, or an old copy was restored; nothing is issued to it until somebody has decided.',
  CLOCK_ROLLED_BACK: clockWrong,
  STORE_ROLLED_BACK: () => 'The local state is older than it was; it was restored from a copy.',
  STORE_UNUSABLE: (details) =>
    `${details['whose'] === 'authority' ? 'The license authority could not do it' : 'The stored state cannot be used'}${whyClause('STORE_UNUSABLE', details)}${clause(details, 'computer', ': ')}${clause(details, 'path', ', at ')}${clause(details, 'owner', '; it belongs to ')}.`,
  TRUST_MISSING: () => 'This machine does not know the keys of any license authority yet.',
  KEYSET_STALE: () => 'The keyset is older than the one in use.',
  INTERNAL: (details) => `Something went wrong inside${whyClause('INTERNAL', details) || '; this is a defect'}.`,
};

/** What a code means, in one English sentence, with its facts filled in. */
export const messageFor = (code: ErrorCode, details: Details = {}): string => words[code](details);
