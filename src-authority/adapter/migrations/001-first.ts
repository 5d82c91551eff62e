/** The authority's first schema. */
export const first = `
CREATE TABLE authority (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  id TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE authority_key (
  kid TEXT PRIMARY KEY,
  role TEXT NOT NULL CHECK (role IN ('root', 'license')),
  jwk TEXT NOT NULL,
  not_before INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE keyset (
  version INTEGER PRIMARY KEY,
  document TEXT NOT NULL,
  issued_at INTEGER NOT NULL
) STRICT;

CREATE TABLE organization (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE user (
  id TEXT PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  password TEXT NOT NULL,
  default_organization TEXT REFERENCES organization (id),
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE member (
  organization TEXT NOT NULL REFERENCES organization (id),
  user TEXT NOT NULL REFERENCES user (id),
  role TEXT NOT NULL CHECK (role IN ('owner', 'manager', 'editor', 'reader')),
  PRIMARY KEY (organization, user)
) STRICT, WITHOUT ROWID;
CREATE INDEX member_user ON member (user);

CREATE TABLE session (
  id TEXT PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE,
  user TEXT NOT NULL REFERENCES user (id),
  agent TEXT,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX session_user ON session (user);

CREATE TABLE product (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('desktop', 'cloud'))
) STRICT, WITHOUT ROWID;

CREATE TABLE license (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organization (id),
  product TEXT NOT NULL REFERENCES product (id),
  edition TEXT,
  features TEXT NOT NULL,
  access TEXT NOT NULL CHECK (access IN ('everyone', 'assigned')),
  modes TEXT NOT NULL,
  valid_from INTEGER,
  valid_until INTEGER,
  suspended_at INTEGER,
  policy TEXT NOT NULL,
  seats INTEGER NOT NULL CHECK (seats >= 0),
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX license_organization ON license (organization);

CREATE TABLE assignment (
  license TEXT NOT NULL REFERENCES license (id),
  user TEXT NOT NULL REFERENCES user (id),
  PRIMARY KEY (license, user)
) STRICT, WITHOUT ROWID;
CREATE INDEX assignment_user ON assignment (user);

CREATE TABLE machine (
  id TEXT PRIMARY KEY,
  jwk TEXT NOT NULL,
  name TEXT NOT NULL,
  os TEXT NOT NULL,
  app TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  last_seq INTEGER NOT NULL,
  first_seen INTEGER NOT NULL,
  last_contact INTEGER NOT NULL
) STRICT;

CREATE TABLE machine_fingerprint (
  machine TEXT NOT NULL REFERENCES machine (id),
  at INTEGER NOT NULL,
  fingerprint TEXT NOT NULL
) STRICT;
CREATE INDEX machine_fingerprint_machine ON machine_fingerprint (machine, at);

-- A seat is free when busy_until has passed; nothing has to run for that.
CREATE TABLE seat (
  id INTEGER PRIMARY KEY,
  license TEXT NOT NULL REFERENCES license (id),
  machine TEXT REFERENCES machine (id) DEFERRABLE INITIALLY DEFERRED,
  lease TEXT REFERENCES lease (id) DEFERRABLE INITIALLY DEFERRED,
  busy_until INTEGER NOT NULL DEFAULT 0,
  CHECK ((machine IS NULL) = (lease IS NULL)),
  CHECK (busy_until = 0 OR machine IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX seat_of_machine ON seat (license, machine) WHERE machine IS NOT NULL;
CREATE UNIQUE INDEX seat_of_lease ON seat (lease) WHERE lease IS NOT NULL;
CREATE INDEX seat_busy ON seat (license, busy_until);

CREATE TABLE lease (
  id TEXT PRIMARY KEY,
  license TEXT NOT NULL REFERENCES license (id),
  machine TEXT NOT NULL REFERENCES machine (id),
  seat INTEGER REFERENCES seat (id),
  holder TEXT REFERENCES user (id),
  counted INTEGER NOT NULL CHECK (counted IN (0, 1)),
  carrier TEXT NOT NULL CHECK (carrier IN ('network', 'file')),
  mode TEXT NOT NULL CHECK (mode IN ('online', 'offline')),
  state TEXT NOT NULL CHECK (state IN ('active', 'released', 'revoked', 'expired')),
  issued_at INTEGER NOT NULL,
  until INTEGER NOT NULL,
  busy_until INTEGER NOT NULL,
  file TEXT NOT NULL,
  file_seq INTEGER NOT NULL,
  confirmed INTEGER NOT NULL CHECK (confirmed IN (0, 1)),
  fingerprint TEXT NOT NULL,
  last_contact INTEGER,
  ended_at INTEGER,
  ended_by TEXT,
  ended_why TEXT
) STRICT;
CREATE INDEX lease_seat ON lease (seat) WHERE seat IS NOT NULL;
CREATE INDEX lease_holder ON lease (holder, license) WHERE state = 'active';

-- What the authority issued is kept verbatim. Few indexes: each is a page more in every durable commit.
CREATE TABLE license_file (
  lease TEXT NOT NULL REFERENCES lease (id),
  seq INTEGER NOT NULL,
  jti TEXT NOT NULL,
  request TEXT NOT NULL,
  request_seq INTEGER NOT NULL,
  issued_at INTEGER NOT NULL,
  exp INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (lease, seq)
) STRICT;

-- Each document of a machine that was answered: the same one gets the same answer, a counter value is used once.
CREATE TABLE machine_document (
  machine TEXT NOT NULL REFERENCES machine (id),
  seq INTEGER NOT NULL,
  jti TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('request', 'release')),
  digest TEXT NOT NULL,
  lease TEXT NOT NULL REFERENCES lease (id),
  received_at INTEGER NOT NULL,
  PRIMARY KEY (machine, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE receipt (
  jti TEXT NOT NULL,
  proof TEXT PRIMARY KEY REFERENCES machine_document (jti),
  lease TEXT NOT NULL REFERENCES lease (id),
  issued_at INTEGER NOT NULL,
  text TEXT NOT NULL
) STRICT;

CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  organization TEXT,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  details TEXT NOT NULL,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END;
CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit rows are never deleted'); END;
`;
