import { statSync } from 'node:fs';
import { Refusal } from '../../../src-shared/result.ts';

const identityOf = (path: string): string => {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat ? `${stat.dev}:${stat.ino}` : '';
};

/**
 * Looks whether the database at a path is still the file that was opened: SQLite does not, and would go on in a file without a
 * name. The look throws `STORE_UNUSABLE` (why: replaced), from then on always.
 */
export const watchSameFile = (path: string): (() => void) => {
  const file = identityOf(path);
  // There from the first statement on, until the last process closes the database.
  let log = '';
  let replaced = false;
  const check = (): void => {
    const now = identityOf(`${path}-wal`);
    log ||= now;
    replaced ||= now !== log || identityOf(path) !== file;
    if (replaced) throw new Refusal('STORE_UNUSABLE', { why: 'replaced', path });
  };
  check();
  return check;
};
