import type { Details, ErrorCode } from '../src-shared/errors.ts';
import type { Inspection } from '../src-shared/inspection.ts';
import { assertNever } from '../src-shared/result.ts';
import { whyOf } from '../src-shared/whys.ts';

/** What to do next, for a person at a terminal: one line for each code, and for those whys that need another one. */
const steps: { readonly [C in ErrorCode]: string } = {
  INPUT_INVALID: 'Look at the command with --help.',
  NOT_SIGNED_IN: 'Sign in: latchkey login --email E --password-stdin.',
  CREDENTIALS_INVALID: 'Check both, and sign in again. The portal helps with a forgotten password.',
  OTP_REQUIRED: 'Sign in again with --otp N.',
  OTP_INVALID: 'Use the newest code, or a recovery code.',
  PASSWORD_WEAK: 'Choose a longer one, such as several words that do not belong together.',
  LINK_ENDED: 'Ask for a new link.',
  INVITE_ENDED: 'Ask for a new invitation.',
  RATE_LIMITED: 'Wait that long, then try again.',
  FORBIDDEN: 'Ask an owner or manager of the organization.',
  NOT_FOUND: 'Check the id.',
  CONFLICT: 'Look at what is there, and choose again.',
  CANCELLED: 'Run the same command again when you like: nothing is taken or given back twice.',
  AUTHORITY_UNREACHABLE: 'Try again; without a network carry a request file: latchkey request --out F.',
  LICENSE_NOT_FOUND: 'Check the id: the portal and latchkey licenses show what there is.',
  LICENSE_NOT_STARTED: 'Choose another license until then: latchkey licenses.',
  LICENSE_EXPIRED: 'Its vendor extends it, or the operator of the authority: authority load FILE.',
  LICENSE_SUSPENDED: 'Ask the operator of the authority.',
  LICENSE_NOT_ASSIGNED: 'Ask a manager to assign it to you.',
  ROLE_NOT_ALLOWED: 'Ask a manager for an assignment or another role.',
  MODE_NOT_ALLOWED: 'Use its other mode, or another license: latchkey licenses.',
  PERIOD_NOT_ALLOWED: 'Choose a shorter period with --days.',
  SEAT_LIMIT_EXCEEDED: 'Ask somebody to release theirs, or choose another license: latchkey licenses.',
  LEASE_LIMIT_EXCEEDED: 'Release it on the other machine, or in the portal; then try again.',
  LEASE_NOT_FOUND: 'See what is held here: latchkey status.',
  LEASE_EXPIRED: 'Take a license again: latchkey checkout LICENSE, or latchkey request --out F.',
  LEASE_RELEASED: 'Take a license again: latchkey checkout LICENSE, or latchkey request --out F.',
  LEASE_REVOKED: 'Choose another license, or ask a manager.',
  LEASE_OFFLINE: 'On its machine: latchkey release-proof LEASE --out F; then bring that file to the authority.',
  FILE_MALFORMED: 'Copy the file again from where it was made, without opening it in an editor.',
  FILE_WRONG_KIND: 'See what it is and where it belongs: latchkey inspect F, or authority inspect F.',
  FILE_NOT_GENUINE: 'Do not use it. Get the file again from whoever made it.',
  FILE_NOT_YET_VALID: 'Set the clock of its machine right, and make a new request there.',
  FILE_EXPIRED: 'Make a new request on the machine: latchkey request --out F.',
  FILE_STALE: 'Nothing to do: use the newest file.',
  FILE_WRONG_MACHINE: 'Import it on its own machine, or make a request here: latchkey request --out F.',
  FILE_WRONG_AUTHORITY: 'Check which authority the machine is set up for: latchkey doctor.',
  REQUEST_UNKNOWN: 'Import the file that answers the open request, or make a new one: latchkey request --out F.',
  REQUEST_EXPIRED: 'Make a new request on the machine: latchkey request --out F.',
  FINGERPRINT_MISMATCH: 'See which parts have changed with latchkey doctor; a new request binds the license anew: latchkey request --out F.',
  MACHINE_CLONED: 'An owner or manager decides in the portal under Machines, or the operator with authority machines resolve.',
  CLOCK_ROLLED_BACK: 'Set the clock right, or ask the authority for the time; see latchkey doctor.',
  STORE_ROLLED_BACK: 'Move latchkey.db* out of the home that latchkey doctor shows, and start again: the leases are read back from their license files, and what was given up stays given up.',
  STORE_UNUSABLE: 'Check free space and permissions, and run latchkey doctor.',
  TRUST_MISSING: 'Sign in while connected, or name the keyset of your authority: LATCHKEY_TRUST=F.',
  KEYSET_STALE: 'Nothing to do: use the newest keyset.',
  INTERNAL: 'Try again; LATCHKEY_DEBUG=1 shows where it happened.',
};

const byWhy: { readonly [C in ErrorCode]?: { readonly [why: string]: string } } = {
  INPUT_INVALID: {
    'not-found': 'Check the path.', 'not-a-file': 'Name a regular file.', 'not-a-folder': 'Name a folder that is empty or not there yet.', 'name-too-long': 'Choose a shorter one.', 'no-directory': 'Make the folder first, or name another one.', 'home-file': 'Name a file outside of the folders that Latchkey keeps its state in.', 'same-file': 'Give each file a name of its own.', 'not-readable': 'Check its permissions.',
    'not-writable': 'Check its permissions, or name another place.', output: 'The command itself was carried out. Free some space, or send the output elsewhere; latchkey status shows what this machine holds.', tilde: 'Write the whole path.', confirm: 'Say --yes when that is what you want.',
  },
  CANCELLED: { 'not-confirmed': 'Run it again and type yes, or say --yes.' },
  LEASE_OFFLINE: { here: 'Release it by file: latchkey release-proof LEASE --out F; then bring that file to the authority.' },
  CONFLICT: {
    'held-offline': 'Use it as it is. Back online: latchkey renew --online. For another period: latchkey checkout LICENSE --offline DAYS.',
    answered: 'Ask who answered it, or a manager.', jti: 'Make a new document on the machine.', 'key-revoked': 'Make a new request on the machine: latchkey request --out F.', license: 'Choose the license that is asked for.',
    product: 'Choose a license of the product that is asked for.', purpose: 'See what it asks for: authority inspect F.', 'home-in-use': 'Name an empty folder with --home.',
    retired: 'Begin with an empty home on that computer: it becomes a machine of its own.', 'clock-right': 'Nothing to do.', 'freed-early': 'Wait until the time that is named, or connect one of those computers.', 'not-ended': 'Release it first.', 'last-root': 'Rotate the root key first: authority keys rotate --root.',
    serving: 'Use that one, or stop it first.', 'not-restored': 'Nothing to do.',
    'organization-id': 'Use the id that it was loaded with, or another name.',
    'organization-twice': 'Make them one.',
    'organization-unclear': 'If it is meant, give it that "id" in the file; if not, give the new one an "id" of its own.',
    'license-twice': 'Leave one of them out, or give each its "id".',
    'license-unclear': 'If it is meant, give it that "id" in the file; if not, give the new one an "id" of its own.',
    'product-leased': 'Give the other product a license with an "id" of its own, or wait until all are released.',
    'seats-held': 'Leave it as many seats, or have some released first.',
  },
  AUTHORITY_UNREACHABLE: {
    'no-address': 'Set LATCHKEY_AUTHORITY, or carry a request file: latchkey request --out F.', certificate: 'Check the clock. Where your organization has a certificate authority of its own, add its certificate to those of the system, or name its file in NODE_EXTRA_CA_CERTS. Nothing was sent.', portal: 'Open any page in a browser and sign in to the network, then try again; or check the address in LATCHKEY_AUTHORITY.', proxy: 'Check HTTPS_PROXY (also the user and password in it), or name the authority in NO_PROXY where it is reached directly.',
    reply: 'Check the address in LATCHKEY_AUTHORITY, and whether the network wants a sign-in.',
  },
  FILE_MALFORMED: { 'not-a-file': 'Name the file itself.', size: 'A document is at most 64 KiB: name the right file.' },
  FILE_NOT_GENUINE: {
    'key-not-ours': 'Do not use it; ask whoever brought it where it was made.', 'key-unknown': 'Bring the newest keyset first: authority keys export --out F, then latchkey import F.', 'key-revoked': 'Make a new request on the machine: latchkey request --out F.',
    row: 'Import the license file again: latchkey import F.',
  },
  LEASE_EXPIRED: { renewal: 'Ask for the same license anew: latchkey request --license LICENSE --out F.' },
  FILE_EXPIRED: { keyset: 'Get the newest keyset: authority keys export --out F.', time: 'Set the clock right, or make a new request for the time.' },
  FILE_STALE: { proof: 'Make a new proof on the machine: latchkey release-proof LEASE --out F.', time: 'Make a new request for the time.' },
  CLOCK_ROLLED_BACK: {
    machine: 'Set the clock of the machine right (a flat battery resets it), and make a new request there: latchkey request --out F.',
    signed: 'Set the date and time of this computer right (a flat battery resets them), and try again.',
    authority: 'Tell whoever runs the license authority, who sees it with: authority clock. Licenses that you hold go on.',
  },
  FILE_WRONG_AUTHORITY: { answers: 'Nothing was said to it. Check LATCHKEY_AUTHORITY, and whose keyset LATCHKEY_TRUST names: latchkey doctor.' },
  FILE_WRONG_MACHINE: { proof: 'Take it to the authority: authority accept F.' },
  FINGERPRINT_MISMATCH: { 'too-few': 'Give the container or virtual machine an id of its own (/etc/machine-id), or let the operator lower the policy fingerprintParts of the license.' },
  MACHINE_CLONED: { retired: 'Begin as a new machine: name another LATCHKEY_HOME, sign in and check out again.' },
  STORE_UNUSABLE: {
    audit: 'Keep the database as it is, and ask who had access to it.',
    'authority-busy': 'Try again in a minute.',
    'authority-disk': 'Not the disk of this computer. Tell whoever runs the license authority, and try again when it works.',
    'authority-full': 'Not the disk of this computer. Tell whoever runs the license authority to free some space there, and try again.', busy: 'Close what uses it, and try again.', damaged: 'A machine: start again, it is rebuilt from its license files. An authority: try again; if it stays, put its newest backup back (docs/operations.md).',
    'damaged-in-use': 'Stop every program that uses it (the app, latchkey, authority serve), and try again.', restored: 'Read "When a backup was put back" in docs/operations.md; then go on with it: authority restored --accept.', replaced: 'Start again. An authority: stop serve first, then put the backup back once more, with no -wal or -shm beside it (docs/operations.md).',
    'foreign-file': 'Nothing was changed. Make it yours: sudo chown -R "$(id -un)" PATH, with the path that is shown.',
    'foreign-home': 'Nothing was changed. Run it as that user: sudo -u USER latchkey ...',
    'home-in-use': 'Nothing was changed. Close Latchkey on that computer first, or name a home of this computer with LATCHKEY_HOME.',
    full: 'Nothing was changed. Free some space, and try again.', 'in-the-way': 'Nothing was changed. Move it away, or name another home with LATCHKEY_HOME, and try again.', key: 'Put the keys folder back from its copy.', missing: 'Check --home or LATCHKEY_AUTHORITY_HOME, or create it: authority init.',
    'name-too-long': 'Nothing was changed. Name another home, with a shorter name.', newer: 'Use the newest version.', 'read-only': 'Nothing was changed. Check the permissions of the folder, and whether its disk is read-only.', 'not-an-authority': 'Check --home or LATCHKEY_AUTHORITY_HOME.',
    'machine-key': 'Put the whole home back, or begin with an empty one.', 'machine-key-missing': 'Put the whole home back, or begin with an empty one.', 'machine-key-damaged': 'Put the whole home back, or begin with an empty one.',
    'no-license-key': 'Make one: authority keys rotate.',
    // What the doctor itself may say must not lead back to it.
    disk: 'Nothing was half done. Check the disk, and try again.', keyset: 'Put the database back from its backup.', 'no-machine': 'Begin with an empty home.',
    'keychain-changed': 'Bring the keychain back, or name another home with LATCHKEY_HOME.', 'keychain-refused': 'Allow the access to the keychain, and start again.',
    sealed: 'Only the app opens it, for the person who used it: start the app, or name another home with LATCHKEY_HOME.', 'shared-folder': 'Nothing was changed. Name a folder of your own, such as a new one in it: LATCHKEY_HOME.', secret: 'Put this file back from a copy, or begin with an empty home: another LATCHKEY_HOME.',
  },
  INTERNAL: { 'no-ed25519': 'Run it with a Node.js that has Ed25519 in WebCrypto: the one that comes with Latchkey, not one built in FIPS mode.' },
};

/** Which codes are good depends on the account, and on whether one is on its way. */
const codeStep = ({ methods, expiresAt }: Details): string => {
  const on = Array.isArray(methods) ? methods : [];
  if (expiresAt !== undefined || !on.includes('app')) return steps.OTP_REQUIRED;
  return `Sign in again with --otp N, the code of your authenticator app${on.includes('email') ? ', or have one sent by mail with --send-code' : ''}.`;
};

/** For what stands in the environment, by the variable's name: it is not on the line that was typed. */
const byVariable: { readonly [name: string]: string } = {
  LATCHKEY_AUTHORITY: 'Set LATCHKEY_AUTHORITY to the address of the authority (https://licenses.example), or to nothing for a machine without a network.',
  LATCHKEY_TRUST: 'Set LATCHKEY_TRUST to the keyset file (.lkkeys) of the authority, or to nothing where one is known already.',
  LATCHKEY_PUBLIC_URL: 'Set LATCHKEY_PUBLIC_URL to the address of the portal, such as https://licenses.example.',
  LATCHKEY_SMTP_URL: 'Set LATCHKEY_SMTP_URL to the mail server, such as smtp://USER:PASSWORD@mail.example:587.',
  LATCHKEY_LOG: 'Set LATCHKEY_LOG to one of them, or to nothing.',
};
const variableIn = ({ at, field }: Details): string => (field === 'authority' ? 'LATCHKEY_AUTHORITY' : typeof at === 'string' ? at : '');

/** What to do next about a refusal, in one line. */
export const nextFor = (code: ErrorCode, details: Details = {}): string => {
  if (code === 'OTP_REQUIRED') return codeStep(details);
  const ofVariable = byVariable[variableIn(details)];
  if (ofVariable !== undefined) return ofVariable;
  const why = whyOf(code, details);
  return (why === null ? undefined : byWhy[code]?.[why]) ?? steps[code];
};

/** The next step with a file that was inspected, with the command that takes it. `side` as for `nextStepOf`. */
export const nextWithFile = (side: 'machine' | 'authority', inspection: Inspection, file: string): string => {
  const { next, machine, purpose, want, lease } = inspection;
  const path = /^[\w./-]+$/.test(file) ? file : `'${file.replaceAll("'", "'\\''")}'`;
  switch (next) {
    case 'import': return `latchkey import ${path}`;
    case 'answer': return `authority answer ${path} --license ${want?.license ?? 'L'} --days ${want?.days ?? 'N'} --out F.lklic`;
    case 'answer-time': return `authority time ${path} --out F.lktime`;
    case 'accept': return `authority accept ${path} --out F.lkrcp`;
    case 'take-to-authority':
      return `take it to the authority: ${inspection.kind === 'release' ? `authority accept ${path}` : purpose === 'time' ? `authority time ${path} --out F.lktime` : `authority answer ${path} --license L --days N --out F.lklic`}`;
    case 'take-to-machine': return `take it to ${machine === null ? 'machines without a network' : `the machine ${machine.name ?? machine.id}`}: latchkey import ${path}`;
    case 'request-again': return `make a new request on the machine: latchkey request --out F.lkreq${inspection.grant ? ` --license ${inspection.grant.license}` : want?.license ? ` --license ${want.license}` : ''}`;
    case 'bring-keyset':
      if (!inspection.genuine.ok && inspection.genuine.code === 'TRUST_MISSING') return nextFor('TRUST_MISSING').replace(/\.$/, '');
      return side === 'authority' ? 'authority keys export --out F.lkkeys' : 'bring the newest keyset (authority keys export --out F.lkkeys), then latchkey import F.lkkeys';
    case 'right-clock': return 'set the clock right, or ask the authority for the time (latchkey doctor)';
    case 'resolve-clone': return 'a manager decides which copy goes on, in the portal under Machines';
    case 'nothing': return inspection.kind === 'license' ? 'nothing to do, it is in use already; see latchkey status' : 'nothing to do, it is known already';
    case 'put-away': return side === 'machine' && lease !== null && inspection.kind === 'license' ? 'nothing to do; see latchkey status' : 'nothing to do with it here';
    default: return assertNever(next);
  }
};
