import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** A version of a library's interface that a program needs: `{ library: 'libc.so.6', version: 'GLIBC_2.34' }`. */
export type Need = { readonly library: string; readonly version: string };

const VERNEED = 0x6ffffffe;

/** What a 64-bit little-endian ELF file asks of its libraries: its section `.gnu.version_r` (Linux Standard Base, "Symbol Version Requirements"). */
export function elfNeeds(file: Buffer): readonly Need[] {
  if (file.length < 0x40) return [];
  const [table, size, count] = [Number(file.readBigUInt64LE(0x28)), file.readUInt16LE(0x3a), file.readUInt16LE(0x3c)];
  const section = (index: number) => {
    const at = table + index * size;
    return { type: file.readUInt32LE(at + 4), offset: Number(file.readBigUInt64LE(at + 0x18)), link: file.readUInt32LE(at + 0x28), info: file.readUInt32LE(at + 0x2c) };
  };
  const needs: Need[] = [];
  for (let index = 0; index < count; index++) {
    const { type, offset, link, info } = section(index);
    if (type !== VERNEED) continue;
    const strings = section(link).offset;
    const text = (at: number): string => file.toString('latin1', strings + at, file.indexOf(0, strings + at));
    let at = offset;
    for (let library = 0; library < info; library++) {
      let version = at + file.readUInt32LE(at + 8);
      for (let each = 0; each < file.readUInt16LE(at + 2); each++) {
        needs.push({ library: text(file.readUInt32LE(at + 4)), version: text(file.readUInt32LE(version + 8)) });
        version += file.readUInt32LE(version + 12);
      }
      at += file.readUInt32LE(at + 12);
    }
  }
  return needs;
}

/** The newest version of one library's interface (`GLIBC`, `GLIBCXX`) that the programs of a folder need, and which need it. */
export function newestNeed(folder: string, family: 'GLIBC' | 'GLIBCXX'): { readonly version: string; readonly files: readonly string[] } {
  const found = new Map<string, string[]>();
  for (const path of programsIn(folder)) {
    for (const { version } of elfNeeds(readFileSync(path))) {
      const [name, number = ''] = version.split('_');
      if (name === family && /^[\d.]+$/.test(number)) found.set(number, [...(found.get(number) ?? []), path.slice(folder.length + 1)]);
    }
  }
  const [version = '0'] = [...found.keys()].toSorted((a, b) => compareVersions(b, a));
  return { version, files: found.get(version) ?? [] };
}

export const compareVersions = (a: string, b: string): number => {
  const [left, right] = [a, b].map((text) => text.split('.').map(Number));
  for (const [index, part] of (left ?? []).entries()) if (part !== (right?.[index] ?? 0)) return part - (right?.[index] ?? 0);
  return (left?.length ?? 0) - (right?.length ?? 0);
};

function programsIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).filter((path) => head(path).equals(elf));
}

const elf = Buffer.from('\u007fELF');

function head(path: string): Buffer {
  const handle = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(4);
    readSync(handle, bytes, 0, 4, 0);
    return bytes;
  } finally {
    closeSync(handle);
  }
}
