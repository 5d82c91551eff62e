import type { ContextMenuParams, MenuItemConstructorOptions } from 'electron';
import type { Words } from './messages.ts';

/** As much of electron/docs/api/web-contents.md, "Event: 'context-menu'", as the menu needs. */
export type ContextFacts = Pick<ContextMenuParams, 'editFlags' | 'formControlType' | 'isEditable' | 'linkURL' | 'selectionText'>;

/** What applies to the place that was clicked and nothing else; empty where nothing does. */
export const contextMenu = (facts: ContextFacts, { say }: Words, copyLink: (address: string) => void): MenuItemConstructorOptions[] => {
  const { editFlags: can, isEditable, linkURL, selectionText } = facts;
  // SECURITY: a password is not copied from here, also where the browser would. The page itself keeps other secrets out.
  const isSecret = facts.formControlType === 'input-password';
  const isSelected = selectionText.trim() !== '' && can.canCopy && !isSecret;
  const groups: readonly (readonly (MenuItemConstructorOptions | false)[])[] = [
    [isEditable && can.canUndo && { role: 'undo', label: say('edit.undo') }, isEditable && can.canRedo && { role: 'redo', label: say('edit.redo') }],
    [
      isEditable && isSelected && can.canCut && { role: 'cut', label: say('edit.cut') },
      isSelected && { role: 'copy', label: say('edit.copy') },
      isEditable && can.canPaste && { role: 'paste', label: say('edit.paste') },
    ],
    [isEditable && can.canSelectAll && { role: 'selectAll', label: say('edit.select-all') }],
    [isOutside(linkURL) && { label: say('edit.copy-link'), click: () => copyLink(linkURL) }],
  ];
  const shown = groups.map((group) => group.filter((item) => item !== false)).filter((group) => group.length > 0);
  return shown.flatMap((group, at) => (at === 0 ? group : [{ type: 'separator' } as const, ...group]));
};

/** The address of a page inside the app is useless outside it. */
const isOutside = (address: string): boolean => ['https:', 'http:', 'mailto:'].includes(URL.parse(address)?.protocol ?? '');
