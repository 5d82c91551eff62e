/** The parts of Manage account, each a page below `/account`. */
export const accountParts = ['profile', 'password', 'two-factor', 'sessions', 'privacy'] as const;
export type AccountPart = (typeof accountParts)[number];

export const accountPath = (part: AccountPart = 'profile'): string => `/account/${part}`;
