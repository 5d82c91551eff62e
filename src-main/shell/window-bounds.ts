import { randomInt } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

export type Rectangle = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
export type WindowBounds = { readonly bounds: Rectangle | null; readonly maximized: boolean };

export const smallest = { width: 900, height: 640 } as const;
const usual = { width: 1120, height: 760 } as const;

const side = z.int().min(-100_000).max(100_000);
const saved = z.object({ bounds: z.object({ x: side, y: side, width: side, height: side }).nullable(), maximized: z.boolean() });

/** Where the window stood when it was last used; a file that cannot be read is a window never moved. */
export const readWindowBounds = (file: string): WindowBounds => {
  try {
    return saved.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return { bounds: null, maximized: false };
  }
};

export const writeWindowBounds = (file: string, value: WindowBounds): void => {
  // SECURITY: a link in its place is replaced, and nothing is written to where it leads.
  const unfinished = `${file}.${randomInt(100_000, 2 ** 31)}`;
  try {
    writeFileSync(unfinished, JSON.stringify(value), { flag: 'wx', mode: 0o600 });
    renameSync(unfinished, file);
  } catch {
    // Only the window's place is lost.
    rmSync(unfinished, { force: true });
  }
};

/**
 * Bounds that a person can reach: the saved ones if enough of the title bar lies on a display that is there now, else
 * only their size, else the usual size.
 */
export const fitBounds = (wanted: Rectangle | null, displays: readonly Rectangle[]): Partial<Rectangle> & { readonly width: number; readonly height: number } => {
  if (wanted === null) return usual;
  const width = Math.max(smallest.width, wanted.width);
  const height = Math.max(smallest.height, wanted.height);
  const reachable = displays.some((display) =>
    Math.min(wanted.x + width, display.x + display.width) - Math.max(wanted.x, display.x) >= 100
    && wanted.y >= display.y && wanted.y <= display.y + display.height - 40);
  return reachable ? { x: wanted.x, y: wanted.y, width, height } : { width, height };
};
