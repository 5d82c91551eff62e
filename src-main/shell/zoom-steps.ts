import type { Input } from 'electron';

export type ZoomWish = 'in' | 'out' | 'reset';

/** The browser's own steps, between the limits of electron/docs/api/web-contents.md, "contents.setZoomLevel": 50 % and 300 %. */
const steps = [0.5, 0.67, 0.75, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3] as const;

/** The next factor from one that may lie between two steps, as a level that was read back does. */
export const nextZoom = (factor: number, wish: ZoomWish): number => {
  if (wish === 'reset') return 1;
  const nearly = 0.005;
  return wish === 'in' ? steps.find((step) => step > factor + nearly) ?? 3 : steps.findLast((step) => step < factor - nearly) ?? 0.5;
};

/**
 * What a key asks for. By the character and not by the key's place, because `+`, `-` and `=` are elsewhere on each keyboard;
 * the number pad gives the same characters. Digit 0 is reached with Shift on a French keyboard, so there its place counts too.
 */
export const zoomKey = (input: Pick<Input, 'type' | 'key' | 'code' | 'isComposing' | 'shift' | 'control' | 'alt' | 'meta'>, platform: NodeJS.Platform): ZoomWish | null => {
  const mac = platform === 'darwin';
  const isAlone = mac ? input.meta && !input.control : input.control && !input.meta;
  // AltGr is Ctrl with Alt on Windows, and writes a character.
  if (input.type !== 'keyDown' || !isAlone || input.alt || input.isComposing) return null;
  switch (input.key) {
    case '+':
    case '=': return 'in';
    case '-':
    case '_': return 'out';
    case '0': return 'reset';
    default: return input.code === 'Digit0' && !input.shift ? 'reset' : null;
  }
};
