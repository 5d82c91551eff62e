import { inflateSync } from 'node:zlib';

export type Pixels = { readonly width: number; readonly height: number; readonly at: (x: number, y: number) => readonly [red: number, green: number, blue: number, alpha: number] };

/** The pixels of a PNG with 8 bits a channel and an alpha channel, not interlaced: what our own icons are (PNG specification, 9 and 12). */
export const readPng = (file: Buffer): Pixels => {
  const chunks: { readonly type: string; readonly data: Buffer }[] = [];
  for (let at = 8; at < file.length;) {
    const length = file.readUInt32BE(at);
    chunks.push({ type: file.toString('latin1', at + 4, at + 8), data: file.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  const head = chunks.find(({ type }) => type === 'IHDR')?.data ?? Buffer.alloc(13);
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)];
  if (head[8] !== 8 || head[9] !== 6 || head[12] !== 0) throw new Error('another kind of PNG');
  const packed = inflateSync(Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data)));
  const line = width * 4;
  const pixels = Buffer.alloc(line * height);
  for (let y = 0; y < height; y += 1) {
    const filter = packed[y * (line + 1)] ?? 0;
    for (let x = 0; x < line; x += 1) {
      const left = x < 4 ? 0 : (pixels[y * line + x - 4] ?? 0);
      const up = y === 0 ? 0 : (pixels[(y - 1) * line + x] ?? 0);
      const corner = x < 4 || y === 0 ? 0 : (pixels[(y - 1) * line + x - 4] ?? 0);
      pixels[y * line + x] = (packed[y * (line + 1) + 1 + x] ?? 0) + predicted(filter, left, up, corner);
    }
  }
  return { width, height, at: (x, y) => [...pixels.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)] as unknown as [number, number, number, number] };
};

const predicted = (filter: number, left: number, up: number, corner: number): number => {
  switch (filter) {
    case 1: return left;
    case 2: return up;
    case 3: return Math.floor((left + up) / 2);
    case 4: {
      const guess = left + up - corner;
      const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
      return a <= b && a <= c ? left : b <= c ? up : corner;
    }
    default: return 0;
  }
};

/** The images of an icon file, of 32 bits a pixel. */
export const readIcon = (file: Buffer): readonly Pixels[] => Array.from({ length: file.readUInt16LE(4) }, (_, index) => {
  const entry = 6 + 16 * index;
  const [size, start] = [file[entry] ?? 0, file.readUInt32LE(entry + 12)];
  const image = file.subarray(start, start + file.readUInt32LE(entry + 8));
  if (image.readUInt32LE(0) !== 40 || image.readInt32LE(4) !== size || image.readInt32LE(8) !== 2 * size || image.readUInt16LE(14) !== 32) throw new Error('another kind of icon');
  if (image.length !== 40 + size * size * 4 + size * Math.ceil(size / 32) * 4) throw new Error('an icon of another length');
  return {
    width: size, height: size,
    at: (x, y) => {
      const place = 40 + ((size - 1 - y) * size + x) * 4;
      return [image[place + 2] ?? 0, image[place + 1] ?? 0, image[place] ?? 0, image[place + 3] ?? 0];
    },
  };
});
