import { lifecycle } from './lifecycle.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Electron's own handlers, installed when the main script's top level has run, over any that it set. Each quits once: after its
 * first signal the default is back, which kills (shell/browser/electron_browser_main_parts_posix.cc). One that the app installs
 * later takes its place, and leaves the default when it goes.
 */
export function installSignalHandlers(): void {
  for (const signal of signals) {
    process.removeAllListeners(signal);
    process.once(signal, lifecycle.quit);
  }
  process.on('newListener', (name, listener) => {
    if (!(signals as readonly unknown[]).includes(name) || listener === lifecycle.quit) return;
    // Once the other is there: Node lets go of a signal with its last listener.
    queueMicrotask(() => process.off(name as NodeJS.Signals, lifecycle.quit));
  });
}
