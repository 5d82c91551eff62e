import { EventEmitter } from 'node:events';
import type { Display as ElectronDisplay, Rectangle } from 'electron';
import { createEvent } from './event.ts';
import { lifecycle } from './lifecycle.ts';

export type Display = Pick<ElectronDisplay, 'id' | 'label' | 'scaleFactor' | 'rotation' | 'bounds' | 'workArea' | 'size' | 'workAreaSize'>;

/** A display as a test or a person's environment describes it; `workArea` where a panel takes some of it. */
export type DisplayFacts = { readonly id: number; readonly bounds: Rectangle; readonly workArea?: Rectangle; readonly scaleFactor?: number };

const displayOf = ({ id, bounds, workArea = bounds, scaleFactor = 1 }: DisplayFacts): Display => ({
  id, label: `electron-preview ${id}`, scaleFactor, rotation: 0, bounds, workArea,
  size: { width: bounds.width, height: bounds.height }, workAreaSize: { width: workArea.width, height: workArea.height },
});

const usual: readonly DisplayFacts[] = [{ id: 1, bounds: { x: 0, y: 0, width: 1920, height: 1080 } }];
/** `ELECTRON_PREVIEW_DISPLAYS`: a JSON list of `DisplayFacts` that are there at the start, the primary one first. */
let displays = (JSON.parse(process.env['ELECTRON_PREVIEW_DISPLAYS'] ?? JSON.stringify(usual)) as readonly DisplayFacts[]).map(displayOf);

function ask<T>(answer: () => T): T {
  if (!lifecycle.isReady()) throw new Error("The 'screen' module can't be used before the app 'ready' event");
  return answer();
}

export const screen = Object.assign(new EventEmitter(), {
  getPrimaryDisplay: () => ask(() => displays[0] as Display),
  getAllDisplays: () => ask(() => [...displays]),
});

/** Plugs displays in and out. By their ids, which a display keeps while it is there: what is gone, new or another size is told as Electron does. */
export function setDisplays(facts: readonly DisplayFacts[]): void {
  const before = displays;
  displays = facts.map(displayOf);
  for (const gone of before.filter(({ id }) => !displays.some((one) => one.id === id))) screen.emit('display-removed', createEvent(), gone);
  for (const display of displays) {
    const old = before.find(({ id }) => id === display.id);
    const changed = (['bounds', 'workArea', 'scaleFactor'] as const).filter((metric) => JSON.stringify(old?.[metric]) !== JSON.stringify(display[metric]));
    if (old === undefined) screen.emit('display-added', createEvent(), display);
    else if (changed.length > 0) screen.emit('display-metrics-changed', createEvent(), display, changed);
  }
}
