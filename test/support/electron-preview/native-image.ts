import { existsSync, readFileSync } from 'node:fs';

const pngSignature = '89504e470d0a1a0a';

/** An image as bytes: enough to be carried to a tray or a notification that nobody draws. */
export type NativeImage = ReturnType<typeof createFromBuffer>;

function createFromBuffer(bytes: Buffer) {
  const isPng = bytes.length >= 24 && bytes.subarray(0, 8).toString('hex') === pngSignature;
  let template = false;
  return {
    isEmpty: () => bytes.length === 0,
    getSize: () => isPng ? { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) } : { width: 0, height: 0 },
    toPNG: () => Buffer.from(bytes),
    toDataURL: () => `data:image/png;base64,${bytes.toString('base64')}`,
    setTemplateImage: (on: boolean) => { template = on; },
    isTemplateImage: () => template,
  };
}

export const nativeImage = {
  createEmpty: () => createFromBuffer(Buffer.alloc(0)),
  createFromBuffer,
  createFromPath: (path: string) => createFromBuffer(existsSync(path) ? readFileSync(path) : Buffer.alloc(0)),
  createFromDataURL: (url: string) => createFromBuffer(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')),
};
