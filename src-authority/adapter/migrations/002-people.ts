/**
 * Organizations with their legal data, people with their names and what they accepted, invitations, offers of ownership,
 * and the mail that waits to be sent.
 */
export const people = `
ALTER TABLE organization ADD COLUMN legal TEXT;
ALTER TABLE organization ADD COLUMN cluster TEXT NOT NULL DEFAULT 'eu' CHECK (cluster IN ('eu', 'us', 'ap'));
ALTER TABLE organization ADD COLUMN created_by TEXT REFERENCES user (id) ON DELETE SET NULL;

ALTER TABLE user ADD COLUMN first_name TEXT;
ALTER TABLE user ADD COLUMN last_name TEXT;
ALTER TABLE user ADD COLUMN locale TEXT NOT NULL DEFAULT 'en' CHECK (locale IN ('en', 'de'));

ALTER TABLE member ADD COLUMN joined_at INTEGER NOT NULL DEFAULT 0;
UPDATE member SET joined_at = max(
  (SELECT created_at FROM user WHERE user.id = member.user),
  (SELECT created_at FROM organization WHERE organization.id = member.organization));
CREATE INDEX member_owner ON member (organization) WHERE role = 'owner';

-- What a person accepted, in which version and when. A row is never changed; a later version is another row.
CREATE TABLE acceptance (
  user TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  document TEXT NOT NULL CHECK (document IN ('agreement', 'privacy')),
  version TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (user, document, version)
) STRICT, WITHOUT ROWID;

-- One offer of ownership at a time: it is gone once it is answered, and the audit says what became of it.
CREATE TABLE ownership_offer (
  organization TEXT PRIMARY KEY REFERENCES organization (id) ON DELETE CASCADE,
  offered_by TEXT NOT NULL,
  offered_to TEXT NOT NULL,
  at INTEGER NOT NULL,
  FOREIGN KEY (organization, offered_by) REFERENCES member (organization, user) ON DELETE CASCADE,
  FOREIGN KEY (organization, offered_to) REFERENCES member (organization, user) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX ownership_offer_by ON ownership_offer (organization, offered_by);
CREATE INDEX ownership_offer_to ON ownership_offer (organization, offered_to);

-- A link works while its invite is pending and not expired. Sending it again puts another token in the place of the first.
CREATE TABLE invite (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
  email TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('owner', 'manager', 'editor', 'reader')),
  token_hash TEXT NOT NULL UNIQUE,
  invited_by TEXT REFERENCES user (id) ON DELETE SET NULL,
  locale TEXT NOT NULL CHECK (locale IN ('en', 'de')),
  created_at INTEGER NOT NULL,
  sent_at INTEGER NOT NULL,
  sent_times INTEGER NOT NULL DEFAULT 1,
  expires_at INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'accepted', 'declined', 'cancelled')),
  ended_at INTEGER,
  CHECK ((state = 'pending') = (ended_at IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX invite_organization ON invite (organization, created_at);
CREATE INDEX invite_by ON invite (invited_by) WHERE invited_by IS NOT NULL;
CREATE UNIQUE INDEX invite_once ON invite (organization, email) WHERE state = 'pending';

-- Letters, written in the transaction of the change they tell of and sent after it.
CREATE TABLE mail (
  id TEXT PRIMARY KEY,
  recipient TEXT NOT NULL,
  subject TEXT NOT NULL,
  text TEXT NOT NULL,
  html TEXT NOT NULL,
  queued_at INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  problem TEXT,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed')),
  sent_at INTEGER
) STRICT;
CREATE INDEX mail_due ON mail (next_at) WHERE state = 'waiting';
CREATE INDEX mail_queued ON mail (queued_at);
`;
