import { nextWithFile } from '../next-steps.ts';
import type { OutboxMail } from '../../src-authority/index.ts';
import type { Inspection } from '../../src-shared/inspection.ts';
import type { Lease } from '../../src-shared/lease.ts';
import { messageFor, showTime } from '../command.ts';
import { missingIn, partName } from '../parts.ts';

const kinds: { readonly [K in Inspection['kind']]: string } = {
  request: 'Activation request', license: 'License file', release: 'Release proof', receipt: 'Receipt', keyset: 'Keyset', time: 'Time ticket',
};

/** A document in a few lines of text. */
export const describeInspection = ({ inspection, lease, answered }: { readonly inspection: Inspection; readonly lease: Lease | null; readonly answered: boolean }, path: string): string => {
  const lines: (readonly [string, string])[] = [
    [kinds[inspection.kind], inspection.id],
    ['Issued', showTime(inspection.issuedAt)],
  ];
  if (inspection.expiresAt !== null) lines.push(['Good until', showTime(inspection.expiresAt)]);
  lines.push(['Authority', inspection.authority]);
  if (inspection.machine) lines.push(['Machine', `${inspection.machine.name ?? ''} ${inspection.machine.id}`.trim()]);
  if (inspection.lease !== null) lines.push(['Lease', inspection.lease]);
  if (inspection.want) {
    const { license, product, mode, days } = inspection.want;
    lines.push(['Wants', `${license ?? product ?? 'any license'}, ${mode}${days === null ? '' : `, ${days} days`}`]);
  }
  if (inspection.grant) lines.push(['Grants', `${inspection.grant.license} (${inspection.grant.product.name}) of ${inspection.grant.organization.name}, ${inspection.grant.mode}`]);
  if (inspection.fingerprint.length > 0) lines.push(['Fingerprint', inspection.fingerprint.map(partName).join(', ')]);
  if (inspection.kind === 'request' && inspection.purpose !== 'time') {
    const missing = missingIn(inspection.fingerprint);
    if (missing.length > 0) lines.push(['Not shown', `${missing.map(partName).join(', ')} (usual for containers and virtual machines)`]);
  }
  lines.push(['Genuine', inspection.genuine.ok ? 'yes' : messageFor(inspection.genuine.code, inspection.genuine.details)]);
  lines.push(['Acceptable', inspection.acceptable.ok ? 'yes' : messageFor(inspection.acceptable.code, inspection.acceptable.details)]);
  if (answered) lines.push(['Answered', 'yes: answering again gives the same file']);
  if (lease) lines.push(['In the ledger', `${lease.state}, ${lease.mode}, until ${showTime(lease.until)}`]);
  lines.push(['Next', nextWithFile('authority', inspection, path)]);
  return lines.map(([name, value]) => `${name.padEnd(20)}${value}`).join('\n');
};

/** A letter of the outbox, as it would be read. */
export const describeMail = (mail: OutboxMail): string => {
  const standing =
    mail.state === 'sent' ? `sent ${showTime(mail.sentAt ?? mail.queuedAt)}` : mail.state === 'failed' ? `given up: ${mail.problem ?? ''}` : mail.problem === null ? 'waiting' : `waiting: ${mail.problem}`;
  return [`To: ${mail.to}`, `Subject: ${mail.subject}`, `Written: ${showTime(mail.queuedAt)} (${standing})`, '', mail.text.trimEnd()].join('\n').trimEnd();
};
