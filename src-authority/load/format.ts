import { z } from 'zod';
import { isEmail } from '../../src-shared/email.ts';
import { isVisible } from '../../src-shared/name.ts';
import { roles } from '../../src-shared/role.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { DAY } from '../../src-shared/time.ts';

/** The format of `authority load` and of the demo data (design.md section 6). Whatever it does not know it refuses. */

/** As documents need them: see `src-shared/documents/claims.ts`. */
const word = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, 'must be letters, digits, dots, dashes and underscores');
const label = z.string().min(1).max(200).regex(/^[^\p{Cc}\u202a-\u202e\u2066-\u2069]+$/u, 'must be text without control characters').refine(isVisible, 'must be text that can be seen');

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})$/;

const readTime = (value: string | number, edge: 'start' | 'end'): Seconds | null => {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 && value <= 253_402_300_799 ? value : null;
  if (!DATE.test(value) && !DATE_TIME.test(value)) return null;
  const milliseconds = Date.parse(DATE.test(value) ? `${value}T00:00:00Z` : value);
  if (Number.isNaN(milliseconds)) return null;
  // Date.parse takes 2027-02-30 for the second of March.
  if (new Date(milliseconds).toISOString().slice(0, 10) !== value.slice(0, 10) && (DATE.test(value) || value.endsWith('Z'))) return null;
  return Math.floor(milliseconds / 1000) + (edge === 'end' && DATE.test(value) ? DAY - 1 : 0);
};

/** YYYY-MM-DD (its start, or for an end its last second, UTC), an ISO date-time with its zone, or epoch seconds. */
const time = (edge: 'start' | 'end') =>
  z.union([z.string(), z.number()]).transform((value, context): Seconds => {
    const seconds = readTime(value, edge);
    if (seconds !== null) return seconds;
    context.addIssue({ code: 'custom', message: 'must be YYYY-MM-DD, an ISO date-time with its zone, or epoch seconds' });
    return z.NEVER;
  });

const days = z.int().min(1).max(3660);
const policy = z.strictObject({
  onlineTerm: z.int().min(60).max(366 * DAY).exactOptional(),
  heartbeat: z.int().min(5).max(DAY).exactOptional(),
  offlineDaysConnected: days.exactOptional(),
  offlineDaysByFile: days.exactOptional(),
  leasesPerUser: z.int().min(1).max(1000).exactOptional(),
  fingerprintParts: z.int().min(1).max(5).exactOptional(),
});

const email = z.string().max(254).refine(isEmail, 'must be an e-mail address');

const license = z.strictObject({
  id: word.exactOptional(),
  product: word,
  edition: label.exactOptional(),
  features: z.array(label).max(256).default([]),
  seats: z.int().min(0).max(1_000_000),
  access: z.enum(['everyone', 'assigned']).default('everyone'),
  assigned: z.array(email).default([]),
  modes: z.array(z.enum(['online', 'offline'])).min(1).max(2).default(['online', 'offline']),
  validFrom: time('start').exactOptional(),
  validUntil: time('end').exactOptional(),
  policy: policy.default({}),
});

const user = z.strictObject({
  email,
  name: label,
  /** For a new person; one who is known already keeps theirs. */
  password: z.string().min(8).max(1024).exactOptional(),
  role: z.enum(roles),
});

export const loadFormat = z.strictObject({
  products: z.array(z.strictObject({ id: word, name: label, kind: z.enum(['desktop', 'cloud']).default('desktop') })).default([]),
  organizations: z.array(z.strictObject({ id: word.exactOptional(), name: label, users: z.array(user).default([]), licenses: z.array(license).default([]) })).default([]),
});

export type LoadFile = z.output<typeof loadFormat>;
