/**
 * Tells main of right clicks and keys, and gives what a menu's role does with the page's text.
 * The page gets this function's own text, so it may use nothing from outside itself.
 */
export function reportInput(post: (message: object) => void): (role: string, text: string) => void {
  // What main hears of a right click or the menu key, after the page has let it pass. The browser's own menu shows beside it.
  const selectedText = (target: unknown): string => {
    const isText = target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && target.selectionStart !== null);
    return isText ? target.value.slice(target.selectionStart ?? 0, target.selectionEnd ?? 0) : String(getSelection() ?? '');
  };
  let pointer = '';
  addEventListener('pointerdown', ({ pointerType }) => { pointer = pointerType; }, true);
  addEventListener('keydown', () => { pointer = 'keyboard'; }, true);
  addEventListener('contextmenu', (event) => {
    if (event.defaultPrevented) return;
    const [target] = event.composedPath();
    const link = event.composedPath().find((one): one is HTMLAnchorElement => one instanceof HTMLAnchorElement && one.href !== '');
    const field = target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement ? target : null;
    const isEditable = field === null ? target instanceof HTMLElement && target.isContentEditable : !field.readOnly && !field.disabled && (field instanceof HTMLTextAreaElement || field.selectionStart !== null || field.type === 'email');
    const isPassword = field?.type === 'password';
    const selectionText = selectedText(target);
    const can = (command: string): boolean => isEditable && document.queryCommandEnabled(command);
    const canCopy = selectionText !== '' && !isPassword;
    post({
      kind: 'context-menu',
      params: {
        x: Math.round(event.clientX), y: Math.round(event.clientY), linkURL: link?.href ?? '', linkText: link?.textContent ?? '', isEditable, selectionText: isPassword ? '' : selectionText,
        formControlType: field === null ? 'none' : field instanceof HTMLTextAreaElement ? 'text-area' : `input-${field.type}`,
        menuSourceType: pointer === 'keyboard' ? 'keyboard' : pointer === 'touch' ? 'touch' : 'mouse',
        editFlags: { canUndo: can('undo'), canRedo: can('redo'), canCut: isEditable && canCopy, canCopy, canPaste: isEditable, canDelete: isEditable && selectionText !== '', canSelectAll: true, canEditRichly: false },
      },
    });
  });

  // Keys with a modifier, and the wheel's wish to zoom. Main hears of them when the page has them already.
  for (const type of ['keydown', 'keyup'] as const) {
    addEventListener(type, ({ key, code, repeat, isComposing, shiftKey: shift, ctrlKey: control, altKey: alt, metaKey: meta, location: place }) => {
      if (control || alt || meta) post({ kind: 'input', input: { type: type === 'keydown' ? 'keyDown' : 'keyUp', key, code, isAutoRepeat: repeat, isComposing, shift, control, alt, meta, location: place } });
    }, true);
  }
  addEventListener('wheel', (event) => { if (event.ctrlKey && event.deltaY !== 0) post({ kind: 'zoom', direction: event.deltaY < 0 ? 'in' : 'out' }); }, { passive: true });

  // What a menu's role does with the text. A page may not read the browser's clipboard, so what to paste comes along.
  return (role, text) => {
    if (role === 'copy' || role === 'cut') post({ kind: 'copied', text: selectedText(document.activeElement) });
    document.execCommand(role === 'paste' ? 'insertText' : role, false, role === 'paste' ? text : undefined);
  };
}
