import { expect, test } from 'vitest';
import { writeLetter } from '../../../src-authority/mail/letter.ts';
import type { Letter } from '../../../src-authority/mail/letter.ts';
import { accountDeletedLetter } from '../../../src-authority/mail/letters/account-deleted.ts';
import { factorCodeLetter, signInCodeLetter } from '../../../src-authority/mail/letters/code.ts';
import { emailChangeAskedLetter, emailChangedLetter, emailChangeLetter } from '../../../src-authority/mail/letters/email-change.ts';
import { passwordChangedLetter, passwordResetLetter } from '../../../src-authority/mail/letters/password.ts';
import { factorOffLetter, factorOnLetter, recoveryUsedLetter } from '../../../src-authority/mail/letters/second-factor.ts';

const facts = {
  name: '<b>Eve</b>\r\nBcc: x@evil.example', email: 'new@example.org', at: 1_800_000_000, expiresAt: 1_800_003_600, code: '012345', left: 1, method: 'app' as const,
  link: 'https://latchkey.example/page#token', forgotLink: 'https://latchkey.example/page#forgot',
};
const letters: { readonly [name: string]: Letter<typeof facts> } = {
  accountDeletedLetter, emailChangeAskedLetter, emailChangedLetter, emailChangeLetter, factorCodeLetter, factorOffLetter, factorOnLetter, passwordChangedLetter, passwordResetLetter, recoveryUsedLetter, signInCodeLetter,
};

test.each(Object.entries(letters))('%s is written in both languages, as text and as markup that loads nothing and holds no markup of a name', (_, letter) => {
  const [en, de] = [writeLetter(letter, 'en', facts), writeLetter(letter, 'de', facts)];
  expect(en.subject).not.toBe(de.subject);
  for (const written of [en, de]) {
    expect(written.subject).not.toMatch(/[\r\n]|<b>/);
    expect(written.html).toContain('&lt;b&gt;Eve&lt;/b&gt;');
    expect(written.html).not.toMatch(/<b>|<img|<script|src=|url\(/);
    expect(written.text).not.toContain('undefined');
  }
});

test('a code is in the letter and not in its subject; a link is in both forms', () => {
  for (const locale of ['en', 'de'] as const) {
    const code = writeLetter(signInCodeLetter, locale, facts);
    expect([code.subject.includes(facts.code), code.text.includes(facts.code), code.html.includes(facts.code)]).toEqual([false, true, true]);
    for (const letter of [emailChangeLetter, passwordResetLetter]) {
      const written = writeLetter<typeof facts>(letter, locale, facts);
      expect([written.text.includes(facts.link), written.html.includes(`href="${facts.link}"`)]).toEqual([true, true]);
    }
  }
});
