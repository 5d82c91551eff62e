import { describe, expect, test, vi } from 'vitest';
import { errorCodes, errorTable } from '../../../src-shared/errors.ts';
import type { Details, ErrorCode } from '../../../src-shared/errors.ts';
import { whyTable } from '../../../src-shared/whys.ts';
import { germanDesktop } from '../../../src-renderer/messages/de/desktop-entry.ts';
import { errors as german } from '../../../src-renderer/messages/de/errors.ts';
import { whys as germanWhys } from '../../../src-renderer/messages/de/whys.ts';
import { englishDesktop } from '../../../src-renderer/messages/en/desktop-english.ts';
import { errors as english } from '../../../src-renderer/messages/en/errors.ts';
import type { Words } from '../../../src-renderer/messages/en/errors.ts';
import { whys as englishWhys } from '../../../src-renderer/messages/en/whys.ts';
import { startMessages, wordsFor } from '../../../src-renderer/messages/index.ts';
import { messageFor } from '../../../src-cli/messages.ts';
import { nextFor } from '../../../src-cli/next-steps.ts';
import { refusalSites } from '../../support/refusals.ts';

type Whys = Readonly<Record<string, Readonly<Record<string, Partial<Words>>>>>;
const languages = { en: { errors: english, whys: englishWhys as Whys }, de: { errors: german as typeof english, whys: germanWhys as Whys } } as const;
const placeholders = (words: Partial<Words>): readonly string[] =>
  Object.values(words).flatMap((text) => [...text.matchAll(/\{\{(\w+)/g)].map(([, name]) => name ?? ''));
const wordsOf = (language: keyof typeof languages, code: ErrorCode, why: string | undefined): Words =>
  ({ ...languages[language].errors[code], ...(why === undefined ? {} : languages[language].whys[code]?.[why]) });

vi.stubGlobal('document', { documentElement: {} });

const entry = { en: async () => englishDesktop, de: async () => germanDesktop };

describe('the words for each code', () => {
  test.each(['en', 'de'] as const)('are complete in %s: what happened, the facts, and the next step', (language) => {
    for (const code of errorCodes) {
      for (const part of ['title', 'text', 'next'] as const) expect(languages[language].errors[code][part], `${code}.${part}`).toMatch(/\S{2,}/);
    }
    expect(Object.keys(languages[language].errors).toSorted()).toEqual(errorCodes.toSorted());
  });

  test('ask for no fact that the sources do not give', () => {
    const wrong: string[] = [];
    for (const { file, code, names, whys } of refusalSites()) {
      // The command line has words of its own.
      if (names === null || file.startsWith('src-cli/')) continue;
      for (const language of ['en', 'de'] as const) {
        for (const why of whys.length === 0 ? [undefined] : whys) {
          for (const name of placeholders(wordsOf(language, code, why))) {
            if (!names.includes(name)) wrong.push(`${file}: ${code}${why === undefined ? '' : ` (${why})`} gives no ${name} for the words in ${language}`);
          }
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  test('take their facts from the same details in every language', () => {
    for (const code of errorCodes) {
      const whys: readonly (string | undefined)[] = [undefined, ...Object.keys((englishWhys as Whys)[code] ?? {})];
      for (const why of whys) expect(new Set(placeholders(wordsOf('de', code, why))), `${code} ${why}`).toEqual(new Set(placeholders(wordsOf('en', code, why))));
    }
  });

  test('are those of the code alone until the words for why have come, and never the name of a row', async () => {
    const instance = await startMessages('en', entry);
    instance.removeResourceBundle('en', 'whys');
    expect(wordsFor(instance, { code: 'AUTHORITY_UNREACHABLE', details: { why: 'refused' } })).toEqual(english.AUTHORITY_UNREACHABLE);
    instance.addResourceBundle('en', 'whys', englishWhys);
    expect(wordsFor(instance, { code: 'AUTHORITY_UNREACHABLE', details: { why: 'refused' } }).text).toBe(englishWhys.AUTHORITY_UNREACHABLE.refused.text);
  });

  test.each(['en', 'de'] as const)('are filled in %s, and a fact that is missing leaves a gap and breaks nothing', async (language) => {
    const instance = await startMessages(language, entry);
    await vi.waitFor(() => expect(instance.hasResourceBundle(language, 'whys')).toBe(true), 30_000);
    const at = Date.UTC(2026, 5, 1, 12) / 1000;
    const facts: Details = {
      at, until: at, now: at, highest: at, signed: at, authority: at, retryAfter: 90, most: 60, owned: 12, same: 1, needed: 3, held: 4, actual: 'license', expected: 'request', mode: 'offline', request: 'req_1',
      correlation: 'cor_1', least: 12, known: 4, path: '/home/x/kept', owner: 'root', computer: 'WS-1',
    };
    for (const code of errorCodes) {
      // What is malformed always says why; the test of the sources sees to that.
      const whys: readonly (string | undefined)[] = [...(code === 'FILE_MALFORMED' ? [] : [undefined]), ...((whyTable as Readonly<Record<string, readonly string[]>>)[code] ?? [])];
      for (const why of whys) {
        const words = wordsFor(instance, { code, details: { ...facts, ...(why === undefined ? {} : { why }), ...(why === 'key-unknown-needed' ? { needed: 5 } : {}) } });
        for (const text of Object.values(words)) {
          expect(text, `${code} ${why}`).not.toMatch(/\{\{|\}\}|…|undefined|NaN|errors:|whys:|^[A-Z_]+\./);
          expect(text.length, `${code} ${why}`).toBeGreaterThan(1);
        }
        expect(Object.values(wordsFor(instance, { code, details: why === undefined ? {} : { why } })).join(' ')).not.toMatch(/\{\{|undefined|NaN|Invalid/);
      }
    }
  });
});

describe('the words of the command line', () => {
  test('are a sentence and a next step for every code and every why, with and without facts', () => {
    for (const code of errorCodes) {
      const whys: readonly (string | undefined)[] = [undefined, ...((whyTable as Readonly<Record<string, readonly string[]>>)[code] ?? [])];
      for (const why of whys) {
        for (const details of [{}, { at: 1, until: 1, retryAfter: 90, path: '/tmp/x', most: 3 }] as Details[]) {
          const given = why === undefined ? details : { ...details, why };
          for (const text of [messageFor(code, given), nextFor(code, given)]) {
            expect(text, `${code} ${why}`).toMatch(/^[A-Z"/?].*[.!:?)]$/s);
            expect(text, `${code} ${why}`).not.toMatch(/undefined|NaN|\[object/);
          }
        }
      }
    }
  });

  test('never show a bare why', () => {
    const shown = Object.entries(whyTable).filter(([code]) => code !== 'INPUT_INVALID')
      .flatMap(([code, whys]) => whys.filter((why) => why.includes('-') && messageFor(code as ErrorCode, { why }).includes(why)));
    expect(shown).toEqual([]);
  });

  test('an exit status is one of the eight that are told of', () => {
    expect([...new Set(Object.values(errorTable).map(({ exit }) => exit))].toSorted((a, b) => a - b)).toEqual([2, 3, 4, 5, 6, 7, 70, 130]);
  });
});
