import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** In the place of electron-builder's converter of icons: one image in the container that is asked for. */
const option = (name) => process.argv.find((each) => each.startsWith(`--${name}=`)).slice(name.length + 3);
const image = readFileSync(join(import.meta.dirname, 'image.png'));
const [format, folder] = [option('format'), option('out')];
mkdirSync(folder, { recursive: true });

const icon = () => {
  const head = Buffer.alloc(22);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(1, 4);
  head.writeUInt16LE(1, 10);
  head.writeUInt16LE(32, 12);
  head.writeUInt32LE(image.length, 14);
  head.writeUInt32LE(22, 18);
  return Buffer.concat([head, image]);
};
writeFileSync(join(folder, `icon.${format}`), format === 'ico' ? icon() : Buffer.concat([Buffer.from('icns'), image]));
