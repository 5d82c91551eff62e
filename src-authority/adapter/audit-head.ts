import { constants } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { keysFolder } from './signer.ts';

/**
 * The number and hash of the newest audit row, kept beside the keys: where a backup of the database is put back, the keys stay,
 * and what they know of it is newer. It may be older than the database, by what was done since it was last written.
 */
const auditHead = z.strictObject({ v: z.literal(1), seq: z.int().nonnegative(), hash: z.string() });
export type AuditHead = { readonly seq: number; readonly hash: string };

const fileOf = (home: string): string => join(keysFolder(home), 'audit-head.json');

/** Null where there is none, or none that can be read: then nothing is known. */
export const readAuditHead = async (home: string): Promise<AuditHead | null> => {
  try {
    const { seq, hash } = auditHead.parse(JSON.parse(await readFile(fileOf(home), 'utf8')));
    return { seq, hash };
  } catch {
    return null;
  }
};

/** Always as long, so that it is written over in one piece, without room on the disk, and no other file lies among the keys for a moment. */
const LENGTH = 160;

/** On disk when it settles. Throws what the disk says. */
export const writeAuditHead = async (home: string, { seq, hash }: AuditHead): Promise<void> => {
  const file = await open(fileOf(home), constants.O_WRONLY | constants.O_CREAT, 0o600);
  try {
    await file.write(`${JSON.stringify({ v: 1, seq, hash }).padEnd(LENGTH - 1)}\n`, 0);
    await file.datasync();
  } finally {
    await file.close();
  }
};
