import { expect, test } from 'vitest';
import { aboutDetails } from '../../../src-main/shell/about-details.ts';
import { createWords } from '../../../src-main/shell/messages.ts';

const facts = {
  version: '1.2.3', build: 'abc123', electron: '45.4.1', chromium: '150.0.1', node: '24.1.0', system: 'Linux 6.12 (x64)', home: '/home/ann/.config/Latchkey', authority: 'https://licenses.example',
};

test('what support asks for first is all there, in the language of the person', () => {
  expect(aboutDetails(facts, createWords('en')).split('\n')).toEqual([
    'Version 1.2.3, build abc123', 'Electron 45.4.1, Chromium 150.0.1, Node 24.1.0', 'Linux 6.12 (x64)', 'Data: /home/ann/.config/Latchkey', 'Authority: https://licenses.example',
  ]);
  expect(aboutDetails({ ...facts, build: null, authority: null }, createWords('de')).split('\n')).toEqual([
    'Version 1.2.3', 'Electron 45.4.1, Chromium 150.0.1, Node 24.1.0', 'Linux 6.12 (x64)', 'Daten: /home/ann/.config/Latchkey', 'Lizenzstelle: keine (arbeitet mit Dateien)',
  ]);
});
