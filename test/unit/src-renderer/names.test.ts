import { expect, test } from 'vitest';
import { holderNamesAmong, namesAmong } from '../../../src-renderer/people/names.ts';

const one = { name: 'Sam Lee', email: 'sam@a.example' };
const other = { name: 'Sam Lee', email: 'lee@a.example' };
const ida = { name: 'Ida Berg', email: 'ida@a.example' };

test('people of one name are told apart by their e-mail addresses; who is alone with a name is called by it', () => {
  const named = namesAmong([one, other, ida]);
  expect([one, other, ida].map(named)).toEqual(['Sam Lee (sam@a.example)', 'Sam Lee (lee@a.example)', 'Ida Berg']);
});

test('one person who is there twice is no namesake', () => {
  expect(namesAmong([one, { ...one }, ida])(one)).toBe('Sam Lee');
});

test('names are the same whatever their case, the form of their letters, or spaces around them', () => {
  for (const name of ['SAM LEE', ' Sam Lee ']) expect(namesAmong([one, { name, email: 'x@a.example' }])(one)).toBe('Sam Lee (sam@a.example)');
  expect(namesAmong([{ name: 'J\u00fcrgen', email: 'a@a.example' }, { name: 'Ju\u0308rgen', email: 'b@a.example' }])({ name: 'J\u00fcrgen', email: 'a@a.example' })).toBe('J\u00fcrgen (a@a.example)');
});

test('without an address a name is all there is, and a machine that nobody took a license for has none', () => {
  expect(namesAmong([{ name: 'Sam Lee' }, { name: 'Sam Lee', email: null }])({ name: 'Sam Lee' })).toBe('Sam Lee');
  const holders = [{ person: one.name, email: one.email }, { person: other.name, email: other.email }, { person: null }];
  expect(holders.map(holderNamesAmong(holders))).toEqual(['Sam Lee (sam@a.example)', 'Sam Lee (lee@a.example)', null]);
});
