import { mkdirSync, readFileSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { LicenseFilesPort } from '../licensing/ports.ts';
import { replaceFile } from './own-file.ts';
import { storeRefusal } from './store/refusal.ts';

/** Not by Node's own recursion, which calls a folder missing that a read-only disk refuses. */
const makeFolder = (folder: string): void => {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process, at the same moment.
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
};

/**
 * `<home>/licenses/<product id>.lklic`: where licensed applications find the license file of each product
 * (docs/document-format.md). Written whole or not at all, so that an application never reads half a file.
 */
export const createLicenseFiles = (folder: string): LicenseFilesPort => {
  // SECURITY: the product's id comes out of a document. Its grammar has no separators; a name of dots only is a folder.
  const isProduct = (product: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(product);
  const pathOf = (product: string): string => {
    if (!isProduct(product)) throw new Error(`Not a product id: ${JSON.stringify(product)}`);
    return join(folder, `${product}.lklic`);
  };
  return {
    pathOf,
    put: (product, text) => {
      const path = pathOf(product);
      try {
        makeFolder(folder);
        replaceFile(path, text);
      } catch (error) {
        throw storeRefusal(error);
      }
      return path;
    },
    // A row that was edited by hand or damaged may name anything: there is no file of it.
    remove: (product) => {
      if (!isProduct(product)) return;
      try {
        unlinkSync(pathOf(product));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw storeRefusal(error);
      }
    },
    read: (product) => {
      try {
        return readFileSync(pathOf(product), 'utf8');
      } catch {
        return null;
      }
    },
  };
};
