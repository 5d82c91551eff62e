import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { NtExecutable, NtExecutableResource, Resource } from 'resedit';

/**
 * What electron-builder and `@electron/fuses` need to see of an Electron distribution, and nothing that runs: an executable with
 * the fuse wire (sentinel, version 1, its length, one `1` for each fuse), the version beside it, and what each system adds.
 */
export function writeElectronDistribution(folder: string, version: string, system: 'linux' | 'win32' | 'darwin' = 'linux'): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'version'), version);
  if (system === 'linux') put(folder, 'electron', Buffer.concat([Buffer.from('\u007fELF'), Buffer.alloc(512), wire, Buffer.alloc(512)]));
  if (system === 'linux') put(folder, 'chrome-sandbox', 'the helper of the sandbox');
  if (system === 'win32') put(folder, 'electron.exe', windowsProgram());
  if (system === 'darwin') return writeMacApp(join(folder, 'Electron.app/Contents'));
  mkdirSync(join(folder, 'resources'), { recursive: true });
}

const fuses = 9;
const wire = Buffer.concat([Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'), Buffer.from([1, fuses]), Buffer.alloc(fuses, '1')]);

function put(folder: string, path: string, content: Buffer | string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content, { mode: 0o755 });
}

/** A program without code, with the version information of one language, as Electron's has; the wire after its sections. */
function windowsProgram(): Buffer {
  const program = NtExecutable.createEmpty(false, false);
  const resources = NtExecutableResource.from(program);
  const information = Resource.VersionInfo.createEmpty();
  information.setStringValues({ lang: 1033, codepage: 1200 }, { ProductName: 'Electron', FileVersion: '45.0.0' });
  information.outputToResourceEntries(resources.entries);
  resources.outputResource(program);
  program.setExtraData(new Uint8Array(wire).buffer);
  return Buffer.from(program.generate());
}

function writeMacApp(contents: string): void {
  const helpers = ['', ' (GPU)', ' (Plugin)', ' (Renderer)'].map((kind) => `Electron Helper${kind}`);
  const bundles = [['Electron', ''], ...helpers.map((name) => [name, `Frameworks/${name}.app/Contents/`])] as const;
  for (const [name, place] of bundles) {
    put(contents, `${place}Info.plist`, `<?xml version="1.0" encoding="UTF-8"?><plist version="1.0"><dict><key>CFBundleExecutable</key><string>${name}</string></dict></plist>`);
    put(contents, `${place}MacOS/${name}`, 'a Mach-O program');
  }
  put(contents, 'Frameworks/Electron Framework.framework/Electron Framework', Buffer.concat([Buffer.alloc(512), wire, Buffer.alloc(512)]));
  put(contents, 'Frameworks/Electron Framework.framework/Resources/Info.plist', '');
  mkdirSync(join(contents, 'Resources'), { recursive: true });
}
