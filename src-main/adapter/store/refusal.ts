import { accessSync, constants, lstatSync, statfsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import SQLite from 'better-sqlite3';
import { Refusal } from '../../../src-shared/result.ts';

/** A file is written under another name until it is whole. That name says nothing to a person. */
const unfinished = /\.(?:\d{4,10}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

const canWrite = (path: string): boolean => {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
};

/** `root`, or the number where the system has no quicker answer. */
export const ownerName = (uid: number): string => {
  if (uid === 0) return 'root';
  const me = userInfo();
  return me.uid === uid ? me.username : `user ${uid}`;
};

/** The file that stands in the way and whose it is, where it belongs to another user: the folder, where nothing may be put into it. */
export const foreignOwner = (path: string): { readonly path: string; readonly owner: string } | null => {
  const user = process.getuid?.();
  if (user === undefined) return null;
  for (const each of canWrite(dirname(path)) ? [path] : [dirname(path), path]) {
    const there = lstatSync(each, { throwIfNoEntry: false });
    if (there && there.uid !== user) return { path: each, owner: ownerName(there.uid) };
  }
  return null;
};

/** Nothing where the file is not there: then its folder is in question, and named by what fails in it. */
const whose = (path: string): { readonly path: string; readonly owner?: string } => {
  const there = process.getuid ? lstatSync(path, { throwIfNoEntry: false }) : undefined;
  return { path, ...(there ? { owner: ownerName(there.uid) } : {}) };
};

/** What SQLite says of a disk that has no room for the files beside the database. */
const roomless = /^SQLITE_(IOERR_(WRITE|SHMSIZE|SHMOPEN|SHMMAP|TRUNCATE|FSYNC)|CANTOPEN)/;
export const isFull = (path: string): boolean => {
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    return bavail * bsize < 64 * 1024;
  } catch {
    return false;
  }
};

/** As far as it can be told without trying. */
export const mayBeWritten = (path: string): boolean => canWrite(path) && canWrite(dirname(path)) && !isFull(path);

/**
 * What the database or the disk cannot do becomes a code; what is neither's is thrown on. The path is the one that the system
 * names, or else `database`.
 */
export const storeRefusal = (error: unknown, database?: string): unknown => {
  if (error instanceof SQLite.SqliteError) {
    if (database === undefined) return new Refusal('STORE_UNUSABLE', { why: error.code });
    if (roomless.test(error.code) && isFull(database)) return new Refusal('STORE_UNUSABLE', { why: 'full', path: database });
    const foreign = /^SQLITE_(READONLY|CANTOPEN|PERM)/.test(error.code) ? foreignOwner(database) : null;
    if (foreign !== null) return new Refusal('STORE_UNUSABLE', { why: 'foreign-file', ...foreign });
    return new Refusal('STORE_UNUSABLE', { why: error.code, ...(/^SQLITE_(READONLY|CANTOPEN|PERM|FULL)/.test(error.code) ? whose(database) : {}) });
  }
  const { code, path, dest } = error as NodeJS.ErrnoException & { readonly dest?: string };
  if (typeof code !== 'string' || !/^E[A-Z]+$/.test(code)) return error;
  const at = (dest ?? path ?? database)?.replace(unfinished, '');
  const foreign = at !== undefined && (code === 'EACCES' || code === 'EPERM') ? foreignOwner(at) : null;
  if (foreign !== null) return new Refusal('STORE_UNUSABLE', { why: 'foreign-file', ...foreign });
  return new Refusal('STORE_UNUSABLE', { why: code, ...(at === undefined ? {} : /^E(ROFS|ACCES|PERM)$/.test(code) ? whose(at) : { path: at }) });
};
