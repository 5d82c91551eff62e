/**
 * Whether Electron can bind an accelerator. It throws at none: a token that it does not know is a warning in its log and
 * counts for nothing, and without a key there is no shortcut.
 * electron/shell/common/keyboard_util.cc and shell/browser/ui/accelerator_util.cc; docs/tutorial/keyboard-shortcuts.md.
 */
export function readAccelerator(text: string): { readonly valid: boolean; readonly unknown: readonly string[] } {
  if (!/^[\x20-\x7f]*$/.test(text)) return { valid: false, unknown: [text] };
  const tokens = text.split('+').map((token) => token.trim().toLowerCase()).filter((token) => token !== '');
  const unknown = tokens.filter((token) => !modifiers.has(token) && !isKey(token));
  // The last token that is no modifier is the key, so an unknown one after a good one takes its place.
  const key = tokens.findLast((token) => !modifiers.has(token));
  return { valid: key !== undefined && isKey(key), unknown };
}

const modifiers: ReadonlySet<string> = new Set(['alt', 'altgr', 'cmd', 'cmdorctrl', 'command', 'commandorcontrol', 'control', 'ctrl', 'meta', 'option', 'shift', 'super']);
const named: ReadonlySet<string> = new Set([
  'backspace', 'capslock', 'delete', 'down', 'end', 'enter', 'esc', 'escape', 'home', 'insert', 'left', 'medianexttrack', 'mediaplaypause', 'mediaprevioustrack', 'mediastop',
  'numadd', 'numdec', 'numdiv', 'numlock', 'nummult', 'numsub', 'pagedown', 'pageup', 'plus', 'printscreen', 'return', 'right', 'scrolllock', 'space', 'tab', 'up', 'volumedown', 'volumemute', 'volumeup',
]);

const isKey = (token: string): boolean => token.length === 1 ? /[!-~]/.test(token) : named.has(token) || /^num[0-9]$/.test(token) || /^f([1-9]|1[0-9]|2[0-4])$/.test(token);
