/** What people ask of each other, which machines an organization has known, and how many seats were taken day by day. */
export const holdings = `
-- What a person asks for: to be assigned a license, or that the holder of a lease releases it. One open task for the same wish.
CREATE TABLE task (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('assignment', 'release')),
  license TEXT NOT NULL REFERENCES license (id) ON DELETE CASCADE,
  lease TEXT REFERENCES lease (id) ON DELETE CASCADE,
  asked_by TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  asked_of TEXT REFERENCES user (id) ON DELETE CASCADE,
  note TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'granted', 'declined', 'withdrawn')),
  answered_by TEXT REFERENCES user (id) ON DELETE SET NULL,
  answered_at INTEGER,
  CHECK ((kind = 'release') = (lease IS NOT NULL)),
  CHECK ((state = 'open') = (answered_at IS NULL))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX task_once ON task (license, asked_by, kind, coalesce(lease, '')) WHERE state = 'open';
CREATE INDEX task_organization ON task (organization, created_at);
CREATE INDEX task_asked_by ON task (asked_by, created_at);
CREATE INDEX task_asked_of ON task (asked_of) WHERE asked_of IS NOT NULL;
CREATE INDEX task_lease ON task (lease) WHERE lease IS NOT NULL;

-- Written once for each pair: to find an organization's machines without looking through all leases that ever were.
CREATE TABLE organization_machine (
  organization TEXT NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
  machine TEXT NOT NULL REFERENCES machine (id) ON DELETE CASCADE,
  PRIMARY KEY (organization, machine)
) STRICT, WITHOUT ROWID;
CREATE INDEX organization_machine_machine ON organization_machine (machine);
INSERT INTO organization_machine
  SELECT DISTINCT license.organization, lease.machine FROM lease JOIN license ON license.id = lease.license;

-- Of each license the day (UTC, days since the epoch) that it was last counted on. busy: its seats that were taken at as_of,
-- as they stand now; those that have become free by themselves since are found by busy_until, so nothing has to run at midnight.
CREATE TABLE usage_now (
  license TEXT PRIMARY KEY REFERENCES license (id) ON DELETE CASCADE,
  day INTEGER NOT NULL,
  as_of INTEGER NOT NULL,
  busy INTEGER NOT NULL CHECK (busy >= 0),
  peak INTEGER NOT NULL,
  refusals INTEGER NOT NULL,
  CHECK (peak >= busy)
) STRICT, WITHOUT ROWID;

-- The days that are over, added up over the licenses of a product when each is counted on a later day.
CREATE TABLE usage_day (
  organization TEXT NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
  product TEXT NOT NULL REFERENCES product (id),
  day INTEGER NOT NULL,
  peak INTEGER NOT NULL,
  refusals INTEGER NOT NULL,
  PRIMARY KEY (organization, product, day)
) STRICT, WITHOUT ROWID;
`;
