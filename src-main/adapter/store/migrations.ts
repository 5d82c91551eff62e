import type { Database } from 'better-sqlite3';

/** Each runs once, in a transaction, in this order. A migration that has shipped is never changed. */
export const migrations: readonly string[] = [
  // 1: the beginning
  `
  CREATE TABLE machine (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    seq INTEGER NOT NULL CHECK (seq >= 0),
    highest INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE document (
    jti TEXT PRIMARY KEY,
    lease TEXT NOT NULL,
    text TEXT NOT NULL,
    accepted_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE lease (
    id TEXT PRIMARY KEY,
    license TEXT NOT NULL,
    product TEXT NOT NULL,
    file TEXT NOT NULL REFERENCES document (jti),
    seq INTEGER NOT NULL,
    carrier TEXT NOT NULL CHECK (carrier IN ('network', 'file')),
    accepted_at INTEGER NOT NULL,
    last_contact INTEGER,
    warned INTEGER
  ) STRICT;
  CREATE TABLE request (
    id TEXT PRIMARY KEY,
    purpose TEXT NOT NULL CHECK (purpose IN ('checkout', 'renew')),
    carrier TEXT NOT NULL CHECK (carrier IN ('network', 'file')),
    state TEXT NOT NULL CHECK (state IN ('pending', 'answered', 'discarded')),
    license TEXT,
    product TEXT,
    lease TEXT,
    mode TEXT NOT NULL CHECK (mode IN ('online', 'offline')),
    days INTEGER,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    machine_name TEXT NOT NULL,
    file_name TEXT NOT NULL,
    text TEXT NOT NULL
  ) STRICT;
  CREATE INDEX request_pending ON request (state, created_at);
  CREATE TABLE release (
    lease TEXT PRIMARY KEY,
    license TEXT NOT NULL,
    product TEXT NOT NULL,
    product_name TEXT NOT NULL,
    organization TEXT NOT NULL,
    organization_name TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('online', 'offline')),
    reason TEXT NOT NULL,
    released_at INTEGER NOT NULL,
    until INTEGER NOT NULL,
    proof TEXT NOT NULL UNIQUE,
    proof_text TEXT NOT NULL,
    file_name TEXT NOT NULL,
    receipt_text TEXT,
    receipt_at INTEGER,
    problem TEXT
  ) STRICT;
  CREATE TRIGGER release_is_for_ever BEFORE DELETE ON release BEGIN SELECT RAISE(ABORT, 'a release is for ever'); END;
  CREATE TRIGGER released_is_not_held BEFORE INSERT ON lease WHEN EXISTS (SELECT 1 FROM release WHERE lease = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'a released lease is not held again'); END;
  CREATE TABLE keyset (
    version INTEGER PRIMARY KEY,
    text TEXT NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('named', 'pinned', 'update')),
    accepted_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE entitlement (
    person TEXT NOT NULL,
    organization TEXT NOT NULL,
    as_of INTEGER NOT NULL,
    entitlements TEXT NOT NULL,
    PRIMARY KEY (person, organization)
  ) STRICT, WITHOUT ROWID;
  `,
  // 2: time tickets, and a record of refused documents
  `
  -- The highest time that a signed document has told; \`highest\` counts the own clock too.
  ALTER TABLE machine ADD COLUMN signed INTEGER NOT NULL DEFAULT 0;
  CREATE TABLE request_2 (
    id TEXT PRIMARY KEY,
    purpose TEXT NOT NULL CHECK (purpose IN ('checkout', 'renew', 'time')),
    carrier TEXT NOT NULL CHECK (carrier IN ('network', 'file')),
    state TEXT NOT NULL CHECK (state IN ('pending', 'answered', 'discarded')),
    license TEXT,
    product TEXT,
    lease TEXT,
    mode TEXT NOT NULL CHECK (mode IN ('online', 'offline')),
    days INTEGER,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    machine_name TEXT NOT NULL,
    file_name TEXT NOT NULL,
    text TEXT NOT NULL
  ) STRICT;
  INSERT INTO request_2 SELECT * FROM request;
  DROP TABLE request;
  ALTER TABLE request_2 RENAME TO request;
  CREATE INDEX request_pending ON request (state, created_at);
  CREATE TABLE refusal (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    code TEXT NOT NULL,
    why TEXT,
    -- What the document said it was; null where not even that could be read.
    kind TEXT,
    -- SHA-256 of the file as it came, base64url.
    digest TEXT NOT NULL
  ) STRICT;
  `,
  // 3: leases given up that outlive a damaged database, and a cache that can tell when it is damaged
  `
  -- Known from the second copy only: their rows of \`release\` were lost. Their license files stay refused.
  CREATE TABLE tombstone (lease TEXT PRIMARY KEY, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TRIGGER tombstone_is_for_ever BEFORE DELETE ON tombstone BEGIN SELECT RAISE(ABORT, 'a release is for ever'); END;
  CREATE TRIGGER lost_release_is_not_held BEFORE INSERT ON lease WHEN EXISTS (SELECT 1 FROM tombstone WHERE lease = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'a released lease is not held again'); END;
  -- SHA-256 of the entitlements, base64url; empty for those written before there was one.
  ALTER TABLE entitlement ADD COLUMN digest TEXT NOT NULL DEFAULT '';
  `,
  // 4: online leases that are not renewed: what was told of it, and why the authority refused
  `
  ALTER TABLE lease ADD COLUMN unrenewed INTEGER;
  -- JSON: code, details and when.
  ALTER TABLE lease ADD COLUMN refusal TEXT;
  `,
  // 5: which leases were taken for a command only
  `
  -- A request that \`latchkey run\` made, and the lease of its answer once it is there: written with the request and with the
  -- lease, so that a run that is killed at any moment leaves a lease that a later one releases.
  CREATE TABLE run (request TEXT PRIMARY KEY, lease TEXT) STRICT, WITHOUT ROWID;
  `,
];

export const migrate = (database: Database, to: number = migrations.length): void => {
  const steps = database.transaction(() => {
    const from = database.pragma('user_version', { simple: true }) as number;
    for (let version = from; version < to; version += 1) {
      database.exec(migrations[version] as string);
      database.pragma(`user_version = ${version + 1}`);
      database.pragma(`application_id = ${version + 1}`);
    }
  });
  steps.immediate();
};
