import { isErrorCode } from '../../../src-shared/errors.ts';
import type { LeaseRow, ReleaseRow, RequestRow } from '../../licensing/store.ts';

/** Rows as SQL has them, and as licensing knows them. */
export type LeaseRecord = {
  id: string; license: string; product: string; file: string; seq: number; carrier: LeaseRow['carrier']; accepted_at: number;
  last_contact: number | null; warned: number | null; unrenewed: number | null; refusal: string | null; text: string;
};
export const leaseOf = ({ accepted_at: acceptedAt, last_contact: lastContact, refusal, ...row }: LeaseRecord): LeaseRow =>
  ({ ...row, acceptedAt, lastContact, refusal: refusalOf(refusal) });

/** One that cannot be read is none: the next renewal says it again. */
const refusalOf = (text: string | null): LeaseRow['refusal'] => {
  if (text === null) return null;
  try {
    const refusal = JSON.parse(text) as NonNullable<LeaseRow['refusal']>;
    return isErrorCode(refusal.code) ? refusal : null;
  } catch {
    return null;
  }
};

export type RequestRecord = {
  id: string; purpose: RequestRow['purpose']; carrier: RequestRow['carrier']; state: RequestRow['state']; license: string | null;
  product: string | null; lease: string | null; mode: RequestRow['mode']; days: number | null; created_at: number; expires_at: number;
  machine_name: string; file_name: string; text: string;
};
export const requestOf = ({ created_at: createdAt, expires_at: expiresAt, machine_name: machineName, file_name: fileName, ...row }: RequestRecord): RequestRow =>
  ({ ...row, createdAt, expiresAt, machineName, fileName });

export type ReleaseRecord = {
  lease: string; license: string; product: string; product_name: string; organization: string; organization_name: string;
  mode: ReleaseRow['mode']; reason: ReleaseRow['reason']; released_at: number; until: number; proof: string; proof_text: string;
  file_name: string; receipt_text: string | null; receipt_at: number | null; problem: string | null;
};
export const releaseOf = (row: ReleaseRecord): ReleaseRow => ({
  lease: row.lease,
  license: row.license,
  product: { id: row.product, name: row.product_name },
  organization: { id: row.organization, name: row.organization_name },
  mode: row.mode,
  reason: row.reason,
  releasedAt: row.released_at,
  until: row.until,
  proof: row.proof,
  proofText: row.proof_text,
  fileName: row.file_name,
  receiptText: row.receipt_text,
  receiptAt: row.receipt_at,
  problem: problemOf(row.problem),
});

/** The other way round: parameters by the names of `ReleaseRow`. */
export const releaseRecord = (row: ReleaseRow): Record<string, string | number | null> => ({
  ...row, product: row.product.id, productName: row.product.name, organization: row.organization.id, organizationName: row.organization.name,
  problem: row.problem && JSON.stringify(row.problem),
});

/** A proof whose refusal can no longer be read was refused all the same. */
const problemOf = (text: string | null): ReleaseRow['problem'] => {
  if (text === null) return null;
  try {
    return JSON.parse(text) as ReleaseRow['problem'];
  } catch {
    return { code: 'INTERNAL', details: { correlation: 'release' } };
  }
};
