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

  it.each([
    ['a list', '\ufeffida@a.example;tom@a.example\r\nmia@a.example'],
    ['quoted cells', '\ufeff"ida@a.example","tom@a.example"\r\n\ufeff"mia@a.example"\r\n'],
    ['a table', '\ufeffida@a.example\tLight\r\ntom@a.example\t\r\nmia@a.example\tFX'],
    ['names', '\ufeff"Berg, Ida" <ida@a.example>\r\n\ufeffTom <tom@a.example>\r\nmia@a.example'],
  ])('may begin with the byte order mark of a spreadsheet: %s', (_, text) => {
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

  it.each([
    ['notanaddress; qux@x.example', ['notanaddress'], ['qux@x.example']],
    ['qux@x.example, foo', ['foo'], ['qux@x.example']],
    ['foo\nqux@x.example', ['foo'], ['qux@x.example']],
    ['foo, Tom Berg <tom@a.example>', ['foo'], ['tom@a.example']],
    ['Ida <ida@a.example>, Tom; mia@a.example', ['Tom'], ['ida@a.example', 'mia@a.example']],
    ['Ida,ida@a.example,Light', ['Ida', 'Light'], ['ida@a.example']],
    ['Name\tMail\nIda, B.\tida@a.example\tia.a.example', ['Name', 'Mail', 'ia.a.example'], ['ida@a.example']],
    ['Ida <ida@a.example> Tom <tom@a.example> mia@a.example', [], ['ida@a.example', 'tom@a.example', 'mia@a.example']],
    ['Tom <>; ida@a.example', ['Tom <>'], ['ida@a.example']],
  ])('leave nothing out silently: %j', (text, malformed, good) => {
    expect(readAddresses(text)).toEqual({ good, malformed, duplicates: [] });
  });

  it.each([
    '"Berg, Tom" <tom@a.example>, ida@a.example', 'Berg, Tom <tom@a.example>; ida@a.example', 'Berg, Tom\ttom@a.example\nDahl, Ida\tida@a.example', 'Tom Berg <tom@a.example>\n<ida@a.example>',
  ])('may have names beside them that are not addresses: %j', (text) => {
    expect(readAddresses(text)).toEqual({ good: ['tom@a.example', 'ida@a.example'], malformed: [], duplicates: [] });
  });

  it('are none where nothing was typed', () => {
    expect(readAddresses(' \n\t;, ')).toEqual({ good: [], malformed: [], duplicates: [] });
  });
});
