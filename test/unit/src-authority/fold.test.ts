import { expect, test } from 'vitest';
import { fold } from '../../../src-authority/adapter/fold.ts';

test('names are compared without case and marks, in whatever form they were typed', () => {
  expect(fold('Åsa MÜLLER')).toBe('asa muller');
  expect(fold('Mu\u0308ller')).toBe(fold('Müller'));
  expect(fold('Große')).toBe('grosse');
  expect(fold('Plain Name')).toBe('plain name');
  expect(fold('日本')).toBe('日本');
});
