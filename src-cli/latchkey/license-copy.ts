import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replaceFile } from '../../src-main/adapter/index.ts';
import type { HeldLease } from '../../src-shared/desktop.ts';
import type { Licensing } from '../../src-main/licensing/index.ts';

/** Where the command finds the license file: in its place, or, where it cannot be put there, in a temporary folder that is kept up to date. */
export const licenseCopy = (licensing: Licensing, lease: HeldLease): { readonly path: string; readonly stop: () => void } => {
  if (lease.file !== null) return { path: lease.file, stop: () => undefined };
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-run-'));
  const path = join(folder, 'license.lklic');
  let written: string | null = null;
  const write = (): void => {
    const now = licensing.current(lease.product.id).find(({ standing }) => standing.usable);
    const text = now ? licensing.licenseText(now.id) : null;
    if (text === written) return;
    if (text === null) rmSync(path, { force: true });
    else replaceFile(path, text);
    written = text;
  };
  write();
  const unsubscribe = licensing.subscribe(write);
  return {
    path,
    stop: () => {
      unsubscribe();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
