/** Where a person's own cloud data is processed and stored. */
export const cluster = `
ALTER TABLE user ADD COLUMN cluster TEXT NOT NULL DEFAULT 'eu' CHECK (cluster IN ('eu', 'us', 'ap'));
`;
