import type { CommandLine } from 'electron';

/**
 * The switches of this start as Chromium reads them, which `process.argv` does not follow: electron/docs/api/command-line.md.
 * Node's own arguments come before the script and are none.
 */
const switches = new Map<string, string>();
for (const argument of process.argv.slice(2)) {
  if (argument === '--') break;
  const found = /^--([^=]+)(?:=(.*))?$/s.exec(argument);
  if (found !== null) switches.set((found[1] ?? '').toLowerCase(), found[2] ?? '');
}

export const commandLine: Pick<CommandLine, 'appendSwitch' | 'removeSwitch' | 'hasSwitch' | 'getSwitchValue'> = {
  appendSwitch: (name, value = '') => { switches.set(name.toLowerCase(), value); },
  removeSwitch: (name) => { switches.delete(name.toLowerCase()); },
  hasSwitch: (name) => switches.has(name.toLowerCase()),
  getSwitchValue: (name) => switches.get(name.toLowerCase()) ?? '',
};
