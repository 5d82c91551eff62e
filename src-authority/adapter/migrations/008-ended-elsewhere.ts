/** A lease that a person ended keeps its seat until the machine confirms it, its file ends, or a person frees it early. */
export const endedElsewhere = `
-- When a person freed the seat of an ended lease early. The file is still in use somewhere until \`busy_until\`.
ALTER TABLE lease ADD COLUMN freed_at INTEGER;
CREATE INDEX lease_freed ON lease (license, busy_until) WHERE freed_at IS NOT NULL;
CREATE INDEX lease_ended ON lease (holder) WHERE state = 'released' AND seat IS NOT NULL;
`;
