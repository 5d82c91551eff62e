import { z } from 'zod';
import { replaceFile } from './replace-file.ts';
import { readSmallFile } from './small-file.ts';

export type Rectangle = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
/** As much of a display as the window's place depends on, in device-independent pixels (electron/docs/api/structures/display.md). */
export type Display = { readonly workArea: Rectangle; readonly bounds: Rectangle; readonly scaleFactor: number };

export type WindowPlace = { readonly bounds: Rectangle | null; readonly maximized: boolean; readonly fullScreen?: boolean | undefined };
/** The place that was used last, and those of the newest arrangements of displays: at the desk, on the road, in the meeting room. */
export type WindowBounds = WindowPlace & { readonly places?: readonly (WindowPlace & { readonly displays: string })[] | undefined };

export const smallest = { width: 900, height: 640 } as const;
const usual = { width: 1120, height: 760 } as const;
/** As much of the title bar as a person needs to take hold of it. */
const grip = { width: 100, height: 40 } as const;
const mostPlaces = 8;

const side = z.int().min(-100_000).max(100_000);
const place = z.object({
  bounds: z.object({ x: side, y: side, width: side, height: side }).nullable(),
  maximized: z.boolean(),
  fullScreen: z.boolean().exactOptional(),
});
const saved = place.extend({ places: z.array(place.extend({ displays: z.string().max(2000) })).max(mostPlaces).exactOptional() });

/** Where the window stood when it was last used; a file that cannot be read is a window never moved. */
export const readWindowBounds = (file: string): WindowBounds => {
  try {
    return saved.parse(JSON.parse(readSmallFile(file)));
  } catch {
    return { bounds: null, maximized: false };
  }
};

export const writeWindowBounds = (file: string, value: WindowBounds): void => {
  try {
    replaceFile(file, JSON.stringify(value));
  } catch {
    // Only the window's place is lost.
  }
};

/**
 * The name of an arrangement of displays. By size, position and scale and not by the displays' ids, which no system promises
 * to keep when a display is taken away and comes back.
 */
export const arrangementOf = (displays: readonly Display[]): string =>
  displays.map(({ bounds: { x, y, width, height }, scaleFactor }) => `${x},${y} ${width}x${height}@${scaleFactor}`).toSorted().join(' ');

/** The place for these displays: the one used when they were last there, else the one used last. */
export const placeFor = (window: WindowBounds, displays: readonly Display[]): WindowPlace => {
  const name = arrangementOf(displays);
  return window.places?.find((one) => one.displays === name) ?? window;
};

export const withPlace = (window: WindowBounds, displays: readonly Display[], { bounds, maximized, fullScreen }: WindowPlace): WindowBounds => {
  const now = { bounds, maximized, ...(fullScreen === true && { fullScreen }) };
  const name = arrangementOf(displays);
  const others = (window.places ?? []).filter((one) => one.displays !== name);
  return { ...now, places: [{ displays: name, ...now }, ...others].slice(0, mostPlaces) };
};

/** No smaller than the pages need, and no larger than the smallest display shows. */
export const leastSize = (areas: readonly Size[]): Size => areas.reduce<Size>(clip, smallest);

/**
 * Bounds that a person can reach and see in whole: the wanted ones where enough of the title bar lies on a display that is there
 * now, and no larger than the displays that they touch. Without a position the system places the window, on the primary display.
 * `areas`: the work areas, the primary display's first.
 */
export const fitBounds = (wanted: Rectangle | null, areas: readonly Rectangle[]): Partial<Rectangle> & Size => {
  const least = leastSize(areas);
  const { width, height } = wanted ?? usual;
  const size = { width: Math.max(least.width, width), height: Math.max(least.height, height) };
  const [primary] = areas;
  if (primary === undefined) return size;
  if (wanted === null || !isReachable({ ...wanted, ...size }, areas)) return clip(size, primary);
  const touched = around(areas.filter((area) => overlaps({ ...wanted, ...size }, area)));
  const fitted = clip(size, touched);
  // What was larger than the displays begins where they do, so that its title bar and its foot are both seen.
  return { x: fitted.width < size.width ? touched.x : wanted.x, y: fitted.height < size.height ? touched.y : wanted.y, ...fitted };
};

/** Where a window goes that cannot stay where it is, because its display has gone or shrunk; null where it can. */
export const rescueBounds = (now: Rectangle, areas: readonly Rectangle[]): Rectangle | null => {
  const [primary] = areas;
  if (primary === undefined) return null;
  const { x, y, width, height } = fitBounds(now, areas);
  if (x === undefined || y === undefined) return { x: primary.x + Math.round((primary.width - width) / 2), y: primary.y + Math.round((primary.height - height) / 2), width, height };
  return x === now.x && y === now.y && width === now.width && height === now.height ? null : { x, y, width, height };
};

type Size = { readonly width: number; readonly height: number };
const clip = (size: Size, room: Size): Size => ({ width: Math.min(size.width, room.width), height: Math.min(size.height, room.height) });

/** How much two lie over each other, sideways and downwards; less than nothing where they lie apart. */
const shared = (one: Rectangle, other: Rectangle): Size => ({
  width: Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x),
  height: Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y),
});
const overlaps = (one: Rectangle, other: Rectangle): boolean => Math.min(shared(one, other).width, shared(one, other).height) > 0;

const isReachable = (window: Rectangle, areas: readonly Rectangle[]): boolean =>
  areas.some((area) => shared(window, area).width >= grip.width && window.y >= area.y && window.y <= area.y + area.height - grip.height);

const around = (areas: readonly Rectangle[]): Rectangle => {
  const x = Math.min(...areas.map((area) => area.x));
  const y = Math.min(...areas.map((area) => area.y));
  return { x, y, width: Math.max(...areas.map((area) => area.x + area.width)) - x, height: Math.max(...areas.map((area) => area.y + area.height)) - y };
};
