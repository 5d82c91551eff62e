/**
 * Second factors, codes sent by mail, links sent by mail, use of sessions, preferences with their history, and accounts
 * that were deleted.
 */
export const security = `
ALTER TABLE user ADD COLUMN deleted_at INTEGER;

ALTER TABLE session ADD COLUMN last_used_at INTEGER NOT NULL DEFAULT 0;
UPDATE session SET last_used_at = created_at;
-- A session whose token was changed is known by the one before for a short while: requests may be on their way.
ALTER TABLE session ADD COLUMN previous_hash TEXT;
ALTER TABLE session ADD COLUMN previous_until INTEGER;
CREATE UNIQUE INDEX session_previous ON session (previous_hash) WHERE previous_hash IS NOT NULL;

-- A factor is on once it is confirmed. The secret of an authenticator app is sealed with a key that is not in the database.
CREATE TABLE second_factor (
  user TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  method TEXT NOT NULL CHECK (method IN ('app', 'email')),
  secret TEXT,
  -- The newest time step whose code was accepted: that one and those before it are used up.
  last_step INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  confirmed_at INTEGER,
  PRIMARY KEY (user, method),
  CHECK ((method = 'app') = (secret IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE recovery_code (
  user TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  code_hash TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  used_at INTEGER,
  PRIMARY KEY (user, code_hash)
) STRICT, WITHOUT ROWID;

-- The newest code sent by mail for each purpose; a newer one takes its place.
CREATE TABLE mail_code (
  user TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  purpose TEXT NOT NULL CHECK (purpose IN ('sign-in', 'factor')),
  code_hash TEXT NOT NULL,
  sent_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  used_at INTEGER,
  PRIMARY KEY (user, purpose)
) STRICT, WITHOUT ROWID;

-- A link works once, until it expires or another takes its place.
CREATE TABLE account_link (
  token_hash TEXT PRIMARY KEY,
  user TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  purpose TEXT NOT NULL CHECK (purpose IN ('email', 'password')),
  email TEXT,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER,
  ended_at INTEGER,
  CHECK ((purpose = 'email') = (email IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX account_link_user ON account_link (user, purpose);

-- What a person has chosen otherwise than it is by itself; every change is kept.
CREATE TABLE preference (
  user TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  name TEXT NOT NULL CHECK (name IN ('productNews', 'usageStatistics', 'licenseMails')),
  value INTEGER NOT NULL CHECK (value IN (0, 1)),
  PRIMARY KEY (user, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE preference_change (
  id INTEGER PRIMARY KEY,
  user TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  name TEXT NOT NULL,
  was INTEGER NOT NULL,
  became INTEGER NOT NULL
) STRICT;
CREATE INDEX preference_change_user ON preference_change (user, id);
`;
