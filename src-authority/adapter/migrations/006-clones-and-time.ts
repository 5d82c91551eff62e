/** Copied machines that wait for a decision, machines that were retired, and time tickets. */
export const clonesAndTime = `
-- Set while nobody has decided about a counter value that was used twice; the value itself stands in the audit.
ALTER TABLE machine ADD COLUMN cloned_at INTEGER;
-- Its key is never answered again.
ALTER TABLE machine ADD COLUMN retired_at INTEGER;

-- Requests for the time have no lease, so they do not stand among the machine's other documents; their numbers are of the same counter.
CREATE TABLE time_ticket (
  machine TEXT NOT NULL REFERENCES machine (id),
  seq INTEGER NOT NULL,
  request TEXT NOT NULL UNIQUE,
  digest TEXT NOT NULL,
  issued_at INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (machine, seq)
) STRICT, WITHOUT ROWID;
`;
