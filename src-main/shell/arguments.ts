import { win32, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { documentExtensions } from '../../src-shared/inspection.ts';
import { isOurAddress } from './latchkey-address.ts';

/** What a start was given, whatever the order. */
export type StartArguments = {
  /** By name, without its dashes. The value is what follows `=`, else ''. Of several with a name, the last. */
  readonly switches: ReadonlyMap<string, string>;
  /** Everything else, in order: paths and addresses, and in an unpackaged run the app's own path. */
  readonly others: readonly string[];
};

/**
 * Reads the arguments of this start or of a later one. The first is the program and never counts. Chromium moves the switches of
 * a later start to the front, adds some of its own, and takes only `--name=value` for a value (electron/docs/api/app.md, "Event:
 * 'second-instance'"; issue electron#32933), so nothing here depends on where a switch stands. What follows `--` is no switch.
 */
export const readArguments = (argv: readonly string[]): StartArguments => {
  const given = argv.slice(1);
  const end = given.indexOf('--');
  const before = end === -1 ? given : given.slice(0, end);
  return {
    switches: new Map(before.filter(isSwitch).map(switchOf)),
    others: [...before.filter((argument) => !isSwitch(argument)), ...(end === -1 ? [] : given.slice(end + 1))],
  };
};

const isSwitch = (argument: string): boolean => argument.length > 1 && argument.startsWith('-');

const switchOf = (argument: string): readonly [string, string] => {
  const [name = '', ...value] = argument.replace(/^--?/, '').split('=');
  return [name, value.join('=')];
};

/**
 * The documents among them, as absolute paths, in order. A desktop entry with `%U`, as electron-builder writes it, hands a file
 * over as a percent-encoded `file://` address (Desktop Entry Specification, "The Exec key").
 */
export const documentsIn = ({ others }: StartArguments, cwd: string, platform: NodeJS.Platform = process.platform): readonly string[] =>
  others.filter((argument) => !isOtherAddress(argument)).map((argument) => pathOf(argument, cwd, platform)).filter(isDocument);

/** The addresses among them, `latchkey://...` for example. A file's is a document. */
export const addressesIn = ({ others }: StartArguments): readonly string[] => others.filter(isOtherAddress);

/** SECURITY: `latchkey:/../a.lklic`, which any site can have opened, would be a path too, and lead out of the working folder. */
const isOtherAddress = (argument: string): boolean => isOurAddress(argument) || /^(?!file:)[a-z][a-z\d+.-]+:\/\//i.test(argument);

const isDocument = (path: string): boolean => documentExtensions.some((extension) => path.toLowerCase().endsWith(`.${extension}`));

const pathOf = (argument: string, cwd: string, platform: NodeJS.Platform): string => {
  const { resolve } = platform === 'win32' ? win32 : posix;
  const address = /^file:/i.test(argument) ? URL.parse(argument) : null;
  // SECURITY: an address on another host would make Windows sign in there with the person's password. A path to a share is their choice.
  if (address !== null && address.host === '') {
    try {
      return fileURLToPath(address, { windows: platform === 'win32' });
    } catch {
      // An encoded slash, or a name that is not UTF-8: shown by its name as a file that cannot be read.
    }
  }
  return resolve(cwd, argument);
};
