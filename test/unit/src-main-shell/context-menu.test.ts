import { describe, expect, it } from 'vitest';
import { contextMenu, type ContextFacts } from '../../../src-main/shell/context-menu-items.ts';
import { createWords } from '../../../src-main/shell/messages.ts';

const can = { canUndo: true, canRedo: true, canCut: true, canCopy: true, canPaste: true, canDelete: true, canSelectAll: true, canEditRichly: false };
const field: ContextFacts = { editFlags: can, formControlType: 'input-text', isEditable: true, linkURL: '', selectionText: 'some text' };
const offered = (facts: Partial<ContextFacts>, locale = 'en'): readonly string[] =>
  contextMenu({ ...field, ...facts }, createWords(locale), () => undefined).map(({ label, type }) => label ?? type ?? '');

describe('the context menu', () => {
  it('has all that a field can do, in groups', () => {
    expect(offered({})).toEqual(['Undo', 'Redo', 'separator', 'Cut', 'Copy', 'Paste', 'separator', 'Select all']);
    expect(offered({}, 'de')).toEqual(['Rückgängig', 'Wiederholen', 'separator', 'Ausschneiden', 'Kopieren', 'Einfügen', 'separator', 'Alles auswählen']);
  });

  it('offers nothing that cannot be done', () => {
    expect(offered({ editFlags: { ...can, canUndo: false, canRedo: false, canPaste: false } })).toEqual(['Cut', 'Copy', 'separator', 'Select all']);
    expect(offered({ isEditable: false })).toEqual(['Copy']);
    expect(offered({ isEditable: false, selectionText: '  \n ' })).toEqual([]);
    expect(offered({ isEditable: false, selectionText: '' })).toEqual([]);
  });

  it('neither copies nor cuts a password, whatever the page says that it can', () => {
    expect(offered({ formControlType: 'input-password' })).toEqual(['Undo', 'Redo', 'separator', 'Paste', 'separator', 'Select all']);
  });

  it('gives the address of a link to the outside, and of no page of the app', () => {
    const link = { isEditable: false, selectionText: '' };
    expect(offered({ ...link, linkURL: 'https://help.example/' })).toEqual(['Copy link address']);
    expect(offered({ ...link, linkURL: 'app://latchkey/index.html#/exchange' })).toEqual([]);
    expect(offered({ ...link, linkURL: 'javascript:alert(1)' })).toEqual([]);
    expect(offered({ ...link, linkURL: 'blob:app://latchkey/1' })).toEqual([]);
  });
});
