import type { Details, ErrorCode } from '../src-shared/errors.ts';
import { whyOf } from '../src-shared/whys.ts';
import type { CodeWithWhy, Why } from '../src-shared/whys.ts';

/** Each `why` as the end of a sentence, complete by the compiler. */
const table: { readonly [C in Exclude<CodeWithWhy, 'INPUT_INVALID'>]: { readonly [W in Why<C>]: string } } = {
  NOT_SIGNED_IN: { binding: 'the session belongs to another browser', ended: 'the password was changed, or the session was ended from another place', expired: 'it was not used for 30 days' },
  PASSWORD_WEAK: { guessable: 'it is easy to guess', same: 'it is the one in use', short: 'it is too short' },
  LINK_ENDED: { expired: 'it is too old', replaced: 'a newer one has taken its place', used: 'it was used already' },
  CANCELLED: { 'not-confirmed': 'it was not confirmed' },
  LEASE_OFFLINE: { here: 'the license authority cannot be reached to take it back' },
  INVITE_ENDED: { accepted: 'it was accepted', cancelled: 'it was cancelled', declined: 'it was declined', expired: 'it is too old' },
  RATE_LIMITED: { busy: 'too many people sign in at this moment' },
  FORBIDDEN: {
    header: 'it did not come from a page of the portal', 'offer-of-another': 'the offer is for another person', origin: 'it did not come from a page of the portal',
    'other-address': 'the invitation is for another address', site: 'another site asked for it',
  },
  NOT_FOUND: { invitation: 'no such invitation' },
  CONFLICT: {
    account: 'there is an account for this address', 'already-owner': 'this person is an owner already', answered: 'somebody else has answered it', asked: 'it was asked for already',
    'clock-right': 'the clock is right', 'email-codes-off': 'codes by mail are off', ended: 'it has ended', 'freed-early': 'as many seats as may be free early already are', 'held-offline': 'this machine has the license offline already', 'home-in-use': 'the folder is in use', jti: 'another document with the same id was answered before',
    'key-revoked': 'it was answered with a file whose key was revoked', 'keyset-full': 'the keyset has no room for another key', 'last-owner': 'an organization needs an owner',
    'last-root': 'it is the last root key', leases: 'licenses are still in use', license: 'another license is asked for', 'license-of-another-organization': 'the license belongs to another organization',
    'license-twice': 'the license stands there twice', member: 'this person is a member already', name: 'the name is another one', 'name-taken': 'the name is taken', 'no-offer': 'nothing is offered',
    'no-root-here': 'the root key is not on this computer', 'not-begun': 'it was not begun', 'not-cloned': 'the machine is not marked as copied', 'not-confirmed': 'the machine has not confirmed a license of the organization', 'not-ended': 'the license was not released from elsewhere', 'not-sent': 'its machine did not send it: a request that came by file is answered by a person', off: 'it is off already', offered: 'it is offered to somebody already',
    'offline-leases': 'licenses are still offline', on: 'it is on already', product: 'another product is asked for', purpose: 'it asks for something else', retired: 'the machine was retired',
    'license-unclear': 'it could be a license that is there already',
    'organization-id': 'the organization has another id',
    'organization-twice': 'the organization stands there twice',
    'organization-unclear': 'it could be an organization that is there already',
    'product-leased': 'machines hold leases of the license for its product',
    serving: 'another process serves this home', 'not-restored': 'the database was not put back from a backup',
    same: 'it is that already', 'seats-held': 'more seats are in use', taken: 'it is taken', terms: 'the terms have changed', 'too-many': 'there are as many as one person may have', usable: 'it can be used already',
    yours: 'it is your own', yourself: 'it is about yourself',
  },
  AUTHORITY_UNREACHABLE: {
    certificate: 'its certificate is not trusted by this computer, or is not valid', name: 'its address is not known', network: 'the connection failed', 'no-address': 'no address is set', portal: 'the network wants a sign-in first, or leads somewhere else', proxy: 'the proxy cannot be reached, or refuses to connect', refused: 'nothing listens there',
    reply: 'something else answers there', size: 'it answers with too much', timeout: 'it did not answer in time',
  },
  FILE_MALFORMED: {
    armor: 'its first or last line is missing', base64url: 'its contents are cut or changed', claims: 'something in it is missing or too much', encoding: 'it is not plain text',
    header: 'its header cannot be read', label: 'its first line names no known document', lines: 'its lines are broken in the wrong places', 'not-a-file': 'it is not a regular file',
    payload: 'its contents cannot be read', size: 'it is larger than 64 KiB', typ: 'its header names no known document', unknown: 'it cannot be read',
  },
  FILE_NOT_GENUINE: {
    algorithm: 'it is signed in a way that is never accepted', header: 'it brings its own key or demands what is never accepted', 'key-name': 'the key is not of whom it names',
    'key-not-ours': 'its key is none of this authority\'s', 'key-not-yet': 'it was signed before its key was in use', 'key-revoked': 'its key was revoked', 'key-role': 'its key may not sign such files', 'key-unknown': 'its key is not known here', 'key-unknown-needed': 'its key is not known here yet',
    'key-unsound': 'anybody could sign with its key', row: 'the stored row was changed by hand', signature: 'it was changed after it was signed',
  },
  LEASE_EXPIRED: { renewal: 'it cannot be extended any more' },
  FILE_EXPIRED: { keyset: 'a keyset', time: 'a time ticket' },
  FILE_STALE: { proof: 'the machine has taken a later license file since', time: 'the machine knows a later time' },
  FINGERPRINT_MISMATCH: { 'too-few': 'the computer shows too few of its parts' },
  CLOCK_ROLLED_BACK: { ahead: 'it is ahead of the authority', authority: 'it is the clock of the license authority', machine: 'it is the clock of the machine', signed: 'it is behind what the authority has signed' },
  FILE_WRONG_AUTHORITY: { answers: 'another one answers at this address' },
  FILE_WRONG_MACHINE: { proof: 'only the authority can tell whether it is genuine' },
  MACHINE_CLONED: { retired: 'it was retired' },
  STORE_UNUSABLE: {
    audit: 'the audit was changed', 'authority-busy': 'the license authority is busy with something else', 'authority-disk': 'the disk of the license authority fails', 'authority-full': 'the disk of the license authority is full', busy: 'another program holds it', damaged: 'it is damaged', 'damaged-in-use': 'it is damaged, and it was not put aside because another program has it open', disk: 'the disk fails', 'foreign-file': 'it belongs to another user', 'foreign-home': 'the home belongs to another user', 'home-in-use': 'another computer uses this home now', full: 'the disk is full', 'in-the-way': 'a file is where a folder belongs, or a folder where a file does', key: 'a key file is missing or another one',
    keyset: 'the keyset cannot be read', 'machine-key': 'it belongs to another machine', 'machine-key-damaged': 'the key of this machine is damaged', 'machine-key-missing': 'the key of this machine is missing',
    missing: 'there is no database', 'name-too-long': 'a name is too long', newer: 'a newer version has written it', 'no-license-key': 'there is no key to sign with', 'no-machine': 'it names no machine',
    'not-an-authority': 'it is not the database of an authority', 'read-only': 'it cannot be written', replaced: 'another file was put in its place while this program had it open', restored: 'it was put back from a backup, and nothing is issued until you say to go on', sealed: 'the operating system does not open the key', 'keychain-changed': 'the keychain that sealed the key is gone', 'keychain-refused': 'the keychain refuses', secret: 'a stored secret cannot be read', 'shared-folder': 'others may write to the folder',
  },
  INTERNAL: { 'no-ed25519': 'this runtime cannot sign with Ed25519', 'no-token': 'the authority gave no session' },
};

/** `: its key was revoked`, or nothing where the refusal does not say why. */
export const whyClause = (code: ErrorCode, details: Details): string => {
  const why = whyOf(code, details);
  if (why === null) return '';
  const phrases = (table as { readonly [code: string]: { readonly [why: string]: string } })[code];
  return phrases?.[why] === undefined ? '' : `: ${phrases[why]}`;
};
