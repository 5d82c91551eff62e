/** A code sent by mail no longer takes the place of an earlier one: each has its row. */
export const mailCodes = `
CREATE TABLE mail_code_each (
  user TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  purpose TEXT NOT NULL CHECK (purpose IN ('sign-in', 'factor')),
  code_hash TEXT NOT NULL,
  sent_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  used_at INTEGER,
  PRIMARY KEY (user, purpose, code_hash)
) STRICT, WITHOUT ROWID;
INSERT INTO mail_code_each SELECT user, purpose, code_hash, sent_at, expires_at, tries, used_at FROM mail_code;
DROP TABLE mail_code;
ALTER TABLE mail_code_each RENAME TO mail_code;
`;
