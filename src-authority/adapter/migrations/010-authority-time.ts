/** What the authority knows of the time besides its clock. */
export const authorityTime = `
-- highest: the highest time that it has signed. wall, boot and uptime: a moment at which its clock was believed, by the time since
-- the computer started, which no setting of the clock changes. accepted: how often an operator has confirmed the clock.
CREATE TABLE authority_time (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  highest INTEGER NOT NULL,
  wall INTEGER,
  boot TEXT,
  uptime INTEGER,
  accepted INTEGER NOT NULL
) STRICT;
INSERT INTO authority_time (one, highest, accepted) VALUES (1, max(
  coalesce((SELECT max(issued_at) FROM license_file), 0), coalesce((SELECT max(issued_at) FROM receipt), 0),
  coalesce((SELECT max(issued_at) FROM time_ticket), 0), coalesce((SELECT max(issued_at) FROM keyset), 0)), 0);
`;
