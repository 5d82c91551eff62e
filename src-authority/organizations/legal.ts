import countries from 'i18n-iso-countries';
import { checkVAT, countries as vatRules } from 'jsvat-next';
import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import type { Legal } from '../../src-shared/http/organizations.ts';

/** Greece's VAT ids begin with the code of its language; so do Northern Ireland's with one of their own. */
const prefixes: Readonly<Record<string, readonly string[]>> = { GR: ['EL'], GB: ['GB', 'XI'], CH: ['CHE'] };

/** Where no rule of a country is known, at least it is an identifier. */
const PLAIN = /^[A-Z0-9][A-Z0-9 ./-]{2,19}$/i;

/** A VAT id as it is written officially, with its country's prefix; null when it is none of that country. */
export const readVatId = (country: string, text: string): string | null => {
  const rule = vatRules.find(({ codes }) => codes[0] === country);
  if (!rule) return PLAIN.test(text) ? text.toUpperCase() : null;
  for (const candidate of [text, ...(prefixes[country] ?? [country]).map((prefix) => prefix + text)]) {
    const checked = checkVAT(candidate, [rule]);
    if (checked.isValid) return checked.value ?? candidate;
  }
  return null;
};

/** Legal data with a country that exists and a VAT id of that country. Errors: `INPUT_INVALID` (why: country, vat-id) with `at`. */
export const judgeLegal = (legal: Legal): Result<Legal> => {
  if (!countries.isValid(legal.country)) return fail('INPUT_INVALID', { why: 'country', at: 'body.legal.country' });
  if (legal.vatId === null || legal.vatId === '') return ok({ ...legal, vatId: null });
  const vatId = readVatId(legal.country, legal.vatId);
  return vatId === null ? fail('INPUT_INVALID', { why: 'vat-id', at: 'body.legal.vatId', country: legal.country }) : ok({ ...legal, vatId });
};
