import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Inputs that once broke something, smallest form, tried again in every run: `<target>--<hash>.bin`. */
export const folder = resolve(import.meta.dirname, '../../fuzz/regressions');

export const keep = (target: string, input: Uint8Array): string => {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${target}--${createHash('sha256').update(input).digest('hex').slice(0, 12)}.bin`);
  writeFileSync(path, input);
  return path;
};

export const kept = (): readonly { readonly name: string; readonly target: string; readonly input: Uint8Array }[] =>
  readdirSync(folder).filter((name) => name.endsWith('.bin')).map((name) => ({ name, target: name.split('--')[0] ?? '', input: readFileSync(join(folder, name)) }));
