import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLanguage } from '../../../src-main/shell/language.ts';
import { openSettings } from '../../../src-main/shell/settings-file.ts';

describe('the language of the person', () => {
  let home = '';
  beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'latchkey-language-'))));
  afterEach(() => rmSync(home, { recursive: true, force: true }));
  const open = (system: readonly string[]) => openLanguage(system, openSettings(home));

  it('is the system\'s until one is chosen, and that one from then on, also after a start', () => {
    const language = open(['en-GB', 'de-AT']);
    const { say } = language.words;
    expect([language.locale(), say('tray.open')]).toEqual(['en-GB', 'Open Latchkey']);
    expect(language.choose('de')).toBe('de-AT');
    expect([language.locale(), say('tray.open')]).toEqual(['de-AT', 'Latchkey öffnen']);
    expect(open(['en-GB', 'de-AT']).locale()).toBe('de-AT');
    expect(open(['fr']).locale()).toBe('de');
  });

  it('is told to those who show it when it changes, and only then', () => {
    const language = open(['en-GB']);
    let told = 0;
    language.onChange(() => void (told += 1));
    for (const chosen of ['en', 'en', 'de', 'de', 'en'] as const) language.choose(chosen);
    expect(told).toBe(2);
  });

  it('is kept also where it is the system\'s already: the system may change', () => {
    open(['de-DE']).choose('de');
    expect(JSON.parse(readFileSync(join(home, 'settings.json'), 'utf8'))).toEqual({ language: 'de' });
  });

  it('is spoken until the app quits where nothing can be kept', () => {
    mkdirSync(join(home, 'settings.json'));
    const language = open(['en-GB']);
    expect(language.choose('de')).toBe('de');
    expect(language.words.say('tray.open')).toBe('Latchkey öffnen');
  });
});
