/** Each time that a backup was found in the place of the database. */
export const restored = `
-- head, seq: the newest audit row that was known beside the keys, and is not here. accepted_at: an operator has said to go on.
CREATE TABLE restoration (
  head TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  state_of INTEGER NOT NULL,
  noticed_at INTEGER NOT NULL,
  accepted_at INTEGER
) STRICT;
`;
