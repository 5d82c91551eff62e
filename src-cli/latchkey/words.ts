import type { HeldLease, Recovery } from '../../src-shared/desktop.ts';
import type { Entitlement } from '../../src-shared/license.ts';
import { messageFor, showTime } from '../command.ts';

/** Columns padded to their widest cell. */
export const table = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()).join('\n');
};

export const nameOf = ({ product, edition }: { readonly product: { readonly name: string }; readonly edition: string | null }): string =>
  edition === null ? product.name : `${product.name} ${edition}`;

export const describeLease = (lease: HeldLease): string => {
  const what = `${nameOf(lease)}, ${lease.organization.name}: ${lease.mode} until ${showTime(lease.until)}`;
  const standing = lease.standing.usable ? '' : `\n  Not usable now. ${messageFor(lease.standing.code, lease.standing.details)}`;
  const unrenewed = lease.unrenewed === null ? '' : `\n  Not renewed since ${showTime(lease.unrenewed.since)}.`;
  const refused = lease.refusal === null ? '' : `\n  The last renewal was refused on ${showTime(lease.refusal.at)}. ${messageFor(lease.refusal.code, lease.refusal.details)}`;
  return `${what}\n  lease ${lease.id}${lease.file === null ? '' : `\n  license file ${lease.file}`}${standing}${unrenewed}${refused}`;
};

export const describeEntitlement = (each: Entitlement): readonly string[] => [
  each.license,
  nameOf(each),
  `${each.seats.free} of ${each.seats.owned} free`,
  each.modes.join(', '),
  each.validUntil === null ? 'no end' : `until ${showTime(each.validUntil)}`,
  each.available ? 'available' : each.reasons.map(({ code, details }) => messageFor(code, details)).join(' '),
];

/** What came of a damaged database, and what to do about the rest. */
export const describeRecovery = ({ path, rebuilt, refused, lost, proofs, requests }: Recovery): string => [
  path === null ? 'Some of the local data was damaged.' : `The local data was damaged. It was set aside as ${path}.`,
  ...(rebuilt > 0 || proofs + requests === 0 ? [`Leases read back from their license files: ${rebuilt}.`] : []),
  ...refused.map(({ product, organization, code }) => `Not read back: ${product}, ${organization}. ${messageFor(code)}`),
  ...(lost > 0 ? [`Not read back: ${lost}, whose license files were damaged too.`] : []),
  ...(proofs > 0 ? [`Release proofs that were not delivered, and are there again: ${proofs}.`] : []),
  ...(requests > 0 ? [`Request files that wait for an answer, and are there again: ${requests}.`] : []),
  ...(refused.length + lost > 0 || rebuilt + proofs + requests === 0 ? ['Check the license out again, or make a new request file: this machine gets the same seat back.'] : []),
].join('\n');
