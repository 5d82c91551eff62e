/** What an organization sees of a machine is what came with its own leases; a request can be answered for several organizations. */
export const ownMachines = `
ALTER TABLE organization_machine ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE organization_machine ADD COLUMN os TEXT NOT NULL DEFAULT '';
ALTER TABLE organization_machine ADD COLUMN app TEXT NOT NULL DEFAULT '';
ALTER TABLE organization_machine ADD COLUMN fingerprint TEXT NOT NULL DEFAULT '{"v":1,"parts":{}}';
ALTER TABLE organization_machine ADD COLUMN first_seen INTEGER NOT NULL DEFAULT 0;
ALTER TABLE organization_machine ADD COLUMN last_seen INTEGER NOT NULL DEFAULT 0;
-- When the machine itself first spoke of a license of the organization: only then may the organization decide about it.
ALTER TABLE organization_machine ADD COLUMN confirmed_at INTEGER;

-- Until now each organization saw all that was known of a machine.
UPDATE organization_machine SET (name, os, app, fingerprint, last_seen) = (SELECT name, os, app, fingerprint, last_contact FROM machine WHERE machine.id = organization_machine.machine);
UPDATE organization_machine SET
  first_seen = coalesce((
    SELECT min(lease.issued_at) FROM machine_document JOIN lease ON lease.id = machine_document.lease JOIN license ON license.id = lease.license
    WHERE machine_document.machine = organization_machine.machine AND license.organization = organization_machine.organization), last_seen),
  confirmed_at = (
    SELECT max(coalesce(lease.last_contact, lease.issued_at)) FROM machine_document JOIN lease ON lease.id = machine_document.lease JOIN license ON license.id = lease.license
    WHERE machine_document.machine = organization_machine.machine AND license.organization = organization_machine.organization
      AND (lease.carrier = 'network' OR lease.confirmed = 1 OR lease.last_contact IS NOT NULL OR lease.ended_why = 'proof'));

CREATE TABLE organization_fingerprint (
  organization TEXT NOT NULL,
  machine TEXT NOT NULL,
  at INTEGER NOT NULL,
  fingerprint TEXT NOT NULL,
  FOREIGN KEY (organization, machine) REFERENCES organization_machine (organization, machine) ON DELETE CASCADE
) STRICT;
CREATE INDEX organization_fingerprint_machine ON organization_fingerprint (organization, machine, at);
INSERT INTO organization_fingerprint
  SELECT own.organization, own.machine, max(reading.at, own.first_seen), reading.fingerprint
  FROM organization_machine AS own JOIN machine_fingerprint AS reading ON reading.machine = own.machine
  WHERE reading.at >= coalesce((SELECT max(at) FROM machine_fingerprint WHERE machine = own.machine AND at <= own.first_seen), 0)
  ORDER BY own.organization, own.machine, reading.at, reading.rowid;

-- The answers to a request beyond the first, one for each organization.
CREATE TABLE request_answer (
  request TEXT NOT NULL,
  lease TEXT NOT NULL REFERENCES lease (id),
  PRIMARY KEY (request, lease)
) STRICT, WITHOUT ROWID;
CREATE INDEX request_answer_lease ON request_answer (lease);
`;
