import { describe, expect, test } from 'vitest';
import { isEmail } from '../../../src-shared/email.ts';

const long = (length: number): string => 'a'.repeat(length);

describe('an address', () => {
  test.each([
    ['plain', 'ada@northlight.example'],
    ['with a tag', 'ada+film@northlight.example'],
    ['of a department that has an ampersand', 'r&d@northlight.example'],
    ['with an apostrophe', "o'neill@northlight.example"],
    ['with dots', 'a.b.c@northlight.example'],
    ['of a host with many names', 'ada@a.b.c.northlight.example'],
    ['of an international host', 'ada@bücher.example'],
    ['of an international top-level name', 'ada@пример.испытание'],
    ['of a top-level name in ASCII form', 'ada@northlight.xn--p1ai'],
    ['with a name in another script', 'öysteiñ@northlight.example'],
    ['with a name of which letters and marks come apart', 'o\u0308ystein@bu\u0308cher.example'],
    ['with a host whose name begins with a letter that is composed', 'ada@e\u0301cole.example'],
    ['with the longest name', `${long(64)}@northlight.example`],
  ])('%s is taken', (_, address) => expect(isEmail(address)).toBe(true));

  test.each([
    ['without a host', 'ada@'],
    ['without a name', '@northlight.example'],
    ['without a sign between', 'northlight.example'],
    ['with two signs', 'ada@b@northlight.example'],
    ['of a host without a dot', 'ada@northlight'],
    ['of a network address', 'ada@192.168.1.100'],
    ['of a top-level name of one character', 'ada@northlight.e'],
    ['of a top-level name of one character and its mark', 'ada@northlight.e\u0301'],
    ['with an empty part', 'a..b@northlight.example'],
    ['with a dot at its end', 'ada@northlight.example.'],
    ['with a space', 'ada b@northlight.example'],
    ['with a line end', 'ada@northlight.example\nbcc:x@y.example'],
    ['with quotes', '"ada b"@northlight.example'],
    ['with a comma', 'a,b@northlight.example'],
    ['with a name in brackets', '<ada@northlight.example>'],
    ['of a host that begins with a dash', 'ada@-northlight.example'],
    ['with a name that is too long', `${long(65)}@northlight.example`],
    ['that is too long', `ada@${`${long(60)}.`.repeat(5)}example`],
  ])('%s is refused', (_, address) => expect(isEmail(address)).toBe(false));
});
