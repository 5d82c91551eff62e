import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What electron-builder and `@electron/fuses` need to see of an Electron distribution for Linux, and nothing that runs: an
 * executable with the fuse wire (sentinel, version 1, its length, one `1` for each fuse) and the version beside it.
 */
export function writeElectronDistribution(folder: string, version: string): void {
  mkdirSync(join(folder, 'resources'), { recursive: true });
  const wire = Buffer.concat([Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'), Buffer.from([1, fuses]), Buffer.alloc(fuses, '1')]);
  writeFileSync(join(folder, 'electron'), Buffer.concat([Buffer.from('\u007fELF'), Buffer.alloc(512), wire, Buffer.alloc(512)]), { mode: 0o755 });
  writeFileSync(join(folder, 'version'), version);
}

const fuses = 9;
