import { describe, expect, it } from 'vitest';
import { readAddresses } from '../../../src-renderer/people/addresses.ts';

describe('addresses as people type and paste them', () => {
  it.each([
    ['commas', 'ida@a.example, tom@a.example,mia@a.example'],
    ['semicolons, as Outlook copies them', 'Ida Berg <ida@a.example>; "Tom, Berg" <tom@a.example>; mia@a.example'],
    ['lines', 'ida@a.example\r\ntom@a.example\n\nmia@a.example\n'],
    ['spaces', 'ida@a.example tom@a.example  mia@a.example'],
    ['rows of a spreadsheet, with names and departments', 'Ida\tida@a.example\tLight\nTom\ttom@a.example\t\nMia\tmia@a.example\tFX'],
  ])('are told apart by %s', (_, text) => {
    expect(readAddresses(text)).toEqual({ good: ['ida@a.example', 'tom@a.example', 'mia@a.example'], malformed: [], duplicates: [] });
  });

  it('are counted once, whatever the case they are written in', () => {
    expect(readAddresses('ida@a.example, IDA@A.example')).toEqual({ good: ['ida@a.example'], malformed: [], duplicates: ['IDA@A.example'] });
  });

  it('that went wrong are named as they were written', () => {
    expect(readAddresses('ida@, @a.example; ida@localhost\nida.a.example, a@b@c.example').malformed).toEqual(['ida@', '@a.example', 'ida@localhost', 'ida.a.example', 'a@b@c.example']);
    expect(readAddresses('ida.a.example').malformed).toEqual(['ida.a.example']);
    expect(readAddresses(`${'x'.repeat(250)}@a.example`)).toMatchObject({ good: [], malformed: [expect.any(String)] });
  });

  it('are none where nothing was typed', () => {
    expect(readAddresses(' \n\t;, ')).toEqual({ good: [], malformed: [], duplicates: [] });
  });
});
