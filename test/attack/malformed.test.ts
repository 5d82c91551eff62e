import { describe, expect, test } from 'vitest';
import { parseDocument } from '../../src-shared/documents/index.ts';
import { parseStrictObject } from '../../src-shared/documents/json.ts';
import { body, good, malformedFiles, withPayload } from '../support/malformed.ts';

describe('a malformed file', () => {
  test.each(malformedFiles)('%s is refused as malformed', (_, file) => {
    expect(parseDocument(file)).toMatchObject({ ok: false, code: 'FILE_MALFORMED' });
  });

  test('the document all of these were made from is accepted', () => {
    expect(parseDocument(good)).toMatchObject({ ok: true });
    expect(parseDocument(withPayload(body))).toMatchObject({ ok: true });
  });

  test('nesting of 100,000 levels is refused by the reader of JSON itself, open or closed, in objects or lists', () => {
    const levels = 100_000;
    for (const [open, close] of [['[', ']'], ['{"a":', '}']] as const) {
      for (const text of [open.repeat(levels), `${open.repeat(levels)}1${close.repeat(levels)}`]) {
        expect(parseStrictObject(`{"a":${text}}`)).toBeNull();
        expect(parseStrictObject(text)).toBeNull();
      }
    }
  });

  test('nothing of a prototype is polluted', () => {
    parseDocument(withPayload('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'));
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});
