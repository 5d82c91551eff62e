/**
 * What closing the window does (docs/adr/0031): it never leaves an app that runs and cannot be seen. Where a tray icon is seen the
 * window hides; where none is, the person chooses once between a minimized window and quitting.
 */
export const closingOf = (choice: 'stay' | 'quit' | undefined, isTray: boolean): 'quit' | 'hide' | 'minimize' | 'ask' => {
  if (choice === 'quit') return 'quit';
  if (isTray) return 'hide';
  return choice === 'stay' ? 'minimize' : 'ask';
};
