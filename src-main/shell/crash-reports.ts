import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { app, crashReporter } from 'electron';
import { makeFolder } from './profile.ts';

/**
 * Crashes of the program itself, of a page's process or another one: Electron writes a minidump of each into `folder`, and sends it
 * nowhere (electron/docs/api/crash-reporter.md, "crashReporter.start": `uploadToServer`). Before the app is ready, so that every
 * process is watched. SECURITY: a minidump holds parts of the memory, so it stays in the home, in a folder of this user alone, and
 * is not handed on to the system's own crash reporting (`ignoreSystemCrashHandler`).
 */
export const keepCrashReports = (folder: string, now: number): void => {
  try {
    makeFolder(folder);
    removeOldReports(folder, now);
    app.setPath('crashDumps', folder);
    crashReporter.start({ uploadToServer: false, ignoreSystemCrashHandler: true });
  } catch {
    // Without a place for reports the app works all the same.
  }
};

const most = { reports: 10, bytes: 64 * 1024 * 1024, age: 90 * 24 * 3600 } as const;

/** Keeps the newest reports within three limits. A report is a minidump with the file of facts beside it (`.dmp`, `.meta`). */
export const removeOldReports = (folder: string, now: number): void => {
  let [reports, bytes] = [0, 0];
  for (const { paths, size, at } of reportsIn(folder)) {
    reports += 1;
    bytes += size;
    if (reports > most.reports || bytes > most.bytes || now - at > most.age) for (const path of paths) rmSync(path, { force: true });
  }
};

type Report = { readonly paths: readonly string[]; readonly size: number; readonly at: number };

/** The newest first. Crashpad keeps them in `reports` on Windows, in `new`, `pending` and `completed` elsewhere. */
const reportsIn = (folder: string): readonly Report[] => {
  const reports = new Map<string, Report>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const [, stem] = /^(.+)\.(?:dmp|meta)$/.exec(entry.name) ?? [];
    if (!entry.isFile() || stem === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    const { size, mtimeMs } = statSync(path);
    const key = join(entry.parentPath, stem);
    const known = reports.get(key) ?? { paths: [], size: 0, at: 0 };
    reports.set(key, { paths: [...known.paths, path], size: known.size + size, at: Math.max(known.at, mtimeMs / 1000) });
  }
  return [...reports.values()].toSorted((one, other) => other.at - one.at);
};
