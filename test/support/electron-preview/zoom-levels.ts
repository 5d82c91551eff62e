import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Levels = Readonly<Record<string, number>>;
type Preferences = { readonly partition?: { readonly per_host_zoom_levels?: Readonly<Record<string, Levels>> } };

/** As Chromium keeps zoom: a level for each host, in `Preferences` of the session's folder (shell/browser/zoom_level_delegate.cc). */
export function createZoomLevels(folder: () => string) {
  let levels: Levels | null = null;
  // Electron's key is a hash of the partition's path; here is one partition only.
  const key = '1';
  const read = (): Preferences => {
    try { return JSON.parse(readFileSync(join(folder(), 'Preferences'), 'utf8')) as Preferences; } catch { return {}; }
  };
  const known = (): Levels => levels ??= read().partition?.per_host_zoom_levels?.[key] ?? {};
  return {
    get: (host: string): number => known()[host] ?? 0,
    set(host: string, level: number): void {
      levels = Object.fromEntries(Object.entries({ ...known(), [host]: level }).filter(([, one]) => Math.abs(one) > 0.001));
      const before = read();
      try {
        writeFileSync(join(folder(), 'Preferences'), JSON.stringify({ ...before, partition: { ...before.partition, per_host_zoom_levels: { [key]: levels } } }));
      } catch { /* Chromium goes on without a place for its preferences, too. */ }
    },
  };
}
