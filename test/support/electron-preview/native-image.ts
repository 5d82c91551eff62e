import { readFileSync } from 'node:fs';
import { platform } from './platform.ts';

/** An image as bytes: enough to be carried to a tray or a notification that nobody draws. */
export type NativeImage = ReturnType<typeof createFromBuffer>;

const images = new WeakSet<object>();

/** PNG and JPEG are what Electron decodes everywhere; anything else, also SVG, is an empty image and no error. electron/docs/api/native-image.md, "Supported formats". */
function createFromBuffer(bytes: Buffer) {
  const isPng = bytes.length >= 24 && bytes.subarray(0, 8).toString('hex') === '89504e470d0a1a0a';
  const isJpeg = bytes.subarray(0, 3).toString('hex') === 'ffd8ff';
  // Icon files are Windows' alone.
  const isIcon = platform === 'win32' && bytes.subarray(0, 4).toString('hex') === '00000100';
  let template = false;
  const image = {
    isEmpty: () => !isPng && !isJpeg && !isIcon,
    getSize: () => isPng ? { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) } : { width: 0, height: 0 },
    toPNG: () => Buffer.from(bytes),
    toDataURL: () => `data:image/png;base64,${bytes.toString('base64')}`,
    setTemplateImage: (on: boolean) => { template = on && platform === 'darwin'; },
    isTemplateImage: () => template,
  };
  images.add(image);
  return image;
}

const paths = new WeakMap<object, string>();
/** Not of Electron's API: the file that an image was to be read from, also where it was none. */
export const pathOf = (image: NativeImage): string | null => paths.get(image) ?? null;

/** A file name that ends with `Template` makes a template, on macOS. electron/shell/common/api/electron_api_native_image.cc, `IsTemplateFilename` */
function createFromPath(path: string): NativeImage {
  const image = createFromBuffer(read(path));
  image.setTemplateImage(/Template(@[\d.]+x)?\.[^.]*$/.test(path));
  paths.set(image, path);
  return image;
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}

export const nativeImage = {
  createEmpty: () => createFromBuffer(Buffer.alloc(0)),
  createFromBuffer,
  createFromPath,
  createFromDataURL: (url: string) => createFromBuffer(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')),
};

/**
 * What a tray takes for an image. A path that leads to none throws; an image that is empty does not, and shows nothing.
 * electron/shell/common/api/electron_api_native_image.cc, `TryConvertNativeImage`.
 */
export function toImage(image: NativeImage | string): NativeImage {
  if (typeof image !== 'string') {
    if (!images.has(image)) throw new Error('Argument must be a file path or a NativeImage');
    return image;
  }
  const loaded = createFromPath(image);
  if (loaded.isEmpty()) throw new Error(`Failed to load image from path '${image}'`);
  return loaded;
}
