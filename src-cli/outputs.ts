import { randomInt } from 'node:crypto';
import { closeSync, fchmodSync, fchownSync, fsyncSync, lstatSync, openSync, readdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { homeNames } from '../src-shared/home-names.ts';
import { fail, ok } from '../src-shared/result.ts';
import type { Failure, Result } from '../src-shared/result.ts';

/** What the system says of a path where nothing is, or nothing can be. */
export const isAbsence = (code: string | undefined): boolean => ['ENOENT', 'ENOTDIR'].includes(code ?? '');

/** As long as what a file's name grows by while it is written: `.<number>` here, `.part.partial` of a backup. */
const WHILE_WRITTEN = '.part.partial';

/** Where the commands of a program write files: never over a file of a home. */
export type Outputs = {
  /**
   * Whether a file can be written at `path`: so that a command refuses before it changes anything. `beside`: the other files
   * that the same command reads or writes; undefined where an option was not given.
   * Errors: `INPUT_INVALID` (why: not-a-file, no-directory, name-too-long, not-writable, home-file, same-file).
   */
  readonly check: (path: string | undefined, beside?: readonly (string | undefined)[]) => Result<null>;
  /** Writes a file whole or not at all, replacing a regular file that is there. Errors: those of `check`. */
  readonly write: (path: string, text: string, mode?: number) => Result<null>;
};

/** `problem`: what the system says, such as that the disk is full. */
export const notWritable = (path: string, problem: string | undefined): Failure => fail('INPUT_INVALID', { why: 'not-writable', path, ...(problem === undefined ? {} : { problem }) });

/** `home`: the home that the program works on. Any other that a path leads into is known by what is in it. */
export const createOutputs = (home: () => string): Outputs => {
  const check = (path: string | undefined, beside: readonly (string | undefined)[] = []): Result<null> => {
    if (path === undefined) return ok(null);
    try {
      const folder = statSync(dirname(path), { throwIfNoEntry: false });
      if (!folder?.isDirectory()) return fail('INPUT_INVALID', { why: 'no-directory', path });
      const there = lstatSync(path, { throwIfNoEntry: false });
      if (there && !there.isFile()) return fail('INPUT_INVALID', { why: 'not-a-file', path });
      lstatSync(`${path}${WHILE_WRITTEN}`, { throwIfNoEntry: false });
      if (isHomeFile(path, home())) return fail('INPUT_INVALID', { why: 'home-file', path });
      if (beside.some((other) => other !== undefined && isSameFile(path, other))) return fail('INPUT_INVALID', { why: 'same-file', path });
      return ok(null);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENAMETOOLONG') return fail('INPUT_INVALID', { why: 'name-too-long', path });
      return code === 'ENOTDIR' ? fail('INPUT_INVALID', { why: 'no-directory', path }) : notWritable(path, code);
    }
  };
  const write = (path: string, text: string, mode = 0o644): Result<null> => {
    const checked = check(path);
    if (!checked.ok) return checked;
    try {
      replace(path, text, mode);
      return ok(null);
    } catch (error) {
      return notWritable(path, (error as NodeJS.ErrnoException).code);
    }
  };
  return { check, write };
};

/**
 * SECURITY: whoever may write to the folder can put a link there while this goes on, also under a name that they guess. What is
 * written goes into a new file, which takes the place of whatever is there; nothing is written to where a link leads.
 */
const replace = (path: string, text: string, mode: number): void => {
  const unfinished = `${path}.${randomInt(100_000, 2 ** 31)}`;
  const file = openSync(unfinished, 'wx', mode);
  try {
    try {
      writeFileSync(file, text);
      const before = lstatSync(path, { throwIfNoEntry: false });
      ifPossible(() => fchmodSync(file, mode));
      // A person's file stays theirs when root replaces it.
      if (before?.isFile()) ifPossible(() => fchownSync(file, before.uid, before.gid));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
};

/** A stick may know no owners and no modes. */
const ifPossible = (work: () => void): void => {
  try {
    work();
  } catch {
    // The file is as whole without.
  }
};

/** Spellings that some system takes for the same name: other case, other Unicode form, dots and spaces at the end. */
const folded = (name: string): string => name.normalize('NFKC').toLowerCase().replace(/[. ]+$/, '');

/** The real folder, by links too, and the name in it. A file that is there is named as its system spells it. */
const placeOf = (path: string): { readonly folder: string; readonly name: string } => {
  const real = statSync(path, { throwIfNoEntry: false }) ? realpathSync.native(path) : join(realpathSync.native(dirname(resolve(path))), basename(resolve(path)));
  return { folder: dirname(real), name: basename(real) };
};

const identityOf = (path: string): string | null => {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat ? `${stat.dev}:${stat.ino}` : null;
};

const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

const isPrivateKey = (name: string): boolean => name.endsWith('.jwk.json') || name === 'accounts.key';

/** Whose home a folder is. A backup may be called `authority.db` wherever it is: a home is where the keys are, too. */
const kindsOf = (folder: string): readonly (keyof typeof homeNames)[] => {
  const names = namesIn(folder);
  const isAuthority = names.some((name) => name.startsWith('authority.db')) && namesIn(join(folder, 'keys')).some(isPrivateKey);
  const isMachine = names.some((name) => name === 'latchkey.db' || name === 'machine-key.json');
  return [...(isAuthority ? ['authority' as const] : []), ...(isMachine ? ['machine' as const] : [])];
};

const isSameFile = (one: string, other: string): boolean => {
  if (!statSync(dirname(other), { throwIfNoEntry: false })) return false;
  const [mine, theirs] = [placeOf(one), placeOf(other)];
  const identity = identityOf(one);
  return (mine.folder === theirs.folder && folded(mine.name) === folded(theirs.name)) || (identity !== null && identity === identityOf(other));
};

/** By its place: a name of Latchkey's in a home, at any depth, whether it is there already or not. */
const isPlaceInHome = (path: string, home: string): boolean => {
  const place = placeOf(path);
  if (namesIn(place.folder).some(isPrivateKey)) return true;
  const own = statSync(home, { throwIfNoEntry: false }) ? realpathSync.native(home) : resolve(home);
  const ownIdentity = identityOf(home);
  for (let { folder, name } = place; ; name = basename(folder), folder = dirname(folder)) {
    const isOwn = folder === own || (ownIdentity !== null && identityOf(folder) === ownIdentity);
    const kinds = isOwn ? (['authority', 'machine'] as const) : kindsOf(folder);
    if (kinds.some((kind) => homeNames[kind].test(folded(name)))) return true;
    if (dirname(folder) === folder) return false;
  }
};

/** By what it is: another name of a file of this home, such as a hard link. */
const isLinkIntoHome = (path: string, home: string): boolean => {
  const identity = identityOf(path);
  if (identity === null) return false;
  const ours = namesIn(home).filter((name) => Object.values(homeNames).some((names) => names.test(name)));
  return ours.some((name) => [join(home, name), ...namesIn(join(home, name)).map((inner) => join(home, name, inner))].some((each) => identityOf(each) === identity));
};

const isHomeFile = (path: string, home: string): boolean => isPlaceInHome(path, home) || isLinkIntoHome(path, home);
