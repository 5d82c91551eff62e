/**
 * The names that Latchkey gives to what it keeps in a home, folders included: of a machine and of an authority. Nothing else
 * may be written in their place. A name that is added to a home is added here.
 */
export const homeNames = {
  // At its end what Electron puts there: the lock of the app that runs (links, on Linux and macOS; chrome/browser/process_singleton_posix.cc
  // and _win.cc) and crash reports (electron/docs/api/app.md, "app.getPath"). The rest of what Chromium keeps is in `browser`. In small letters
  // too, as names are compared where a system takes both for the same.
  machine: /^(machine-key|session|known|window|settings|in-use|running)\.json|^counter|^latchkey\.db|^(first-start|set-aside|turn)\.lock|^reserve(\.\d+)?$|^(browser|crashes|kept|licenses|logs|runs)$|^([Ss]ingleton([Ll]ock|[Cc]ookie|[Ss]ocket)|lockfile|[Cc]rashpad)$/,
  authority: /^authority\.db|^(serve|set-aside)\.lock|^\.init-|^keys$/,
} as const;
