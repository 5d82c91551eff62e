import { expect, test } from 'vitest';
import { fold } from '../../../src-shared/fold.ts';

test('names are compared without case and marks, in whatever form they were typed', () => {
  expect(fold('Åsa MÜLLER')).toBe('asa muller');
  expect(fold('Mu\u0308ller')).toBe(fold('Müller'));
  for (const text of ['Große', 'GROSSE', 'GROẞE']) expect(fold(text)).toBe('grosse');
  expect(fold('Plain Name')).toBe('plain name');
  expect(fold('日本')).toBe('日本');
});
