/** What the load files gave the last time: to tell what a file changes from what people have changed since. */
export const loaded = `
-- kind organization: subject is its name in the file. kind person: their address there, or its digest once the account is
-- deleted. kind license: its id. kind product: its id, and no organization. source: the file that gave it last.
-- No reference to the organization: that it was deleted must still be known when its file is loaded again, by digests alone.
CREATE TABLE loaded (
  kind TEXT NOT NULL CHECK (kind IN ('organization', 'person', 'license', 'product')),
  organization TEXT NOT NULL,
  subject TEXT NOT NULL,
  content TEXT NOT NULL,
  source TEXT,
  PRIMARY KEY (kind, organization, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX loaded_subject ON loaded (kind, subject);

-- What was loaded before is in the audit.
INSERT INTO loaded (kind, organization, subject, content)
  SELECT 'organization', subject, json_extract(details, '$.name'), '{}' FROM audit
  WHERE seq IN (SELECT max(seq) FROM audit WHERE action = 'organization.loaded' GROUP BY subject) AND subject IN (SELECT id FROM organization);
INSERT INTO loaded (kind, organization, subject, content)
  SELECT 'person', audit.organization, user.email, json_object('user', user.id, 'role', json_extract(audit.details, '$.role'))
  FROM audit JOIN user ON user.id = audit.subject
  WHERE audit.seq IN (SELECT max(seq) FROM audit WHERE action = 'user.loaded' GROUP BY organization, subject)
    AND user.deleted_at IS NULL AND audit.organization IN (SELECT id FROM organization);
-- An id that the authority made is not one that stood in a file. Assignments that people gave or took since are theirs.
INSERT INTO loaded (kind, organization, subject, content)
  SELECT 'license', license.organization, license.id, json_object(
    'named', json(iif(length(license.id) = 26 AND substr(license.id, 1, 4) = 'lic_', 'false', 'true')),
    'assigned', json((SELECT json_group_array(user) FROM (
      SELECT user FROM assignment WHERE license = license.id
      UNION SELECT json_extract(later.details, '$.person') FROM audit AS later WHERE later.action = 'license.unassigned' AND later.subject = license.id AND later.seq > audit.seq ORDER BY 1))),
    'made', json((SELECT json_group_array(user) FROM (
      SELECT user FROM assignment WHERE license = license.id AND user NOT IN (
        SELECT json_extract(later.details, '$.person') FROM audit AS later WHERE later.action = 'license.assigned' AND later.subject = license.id AND later.seq > audit.seq) ORDER BY 1))))
  FROM audit JOIN license ON license.id = audit.subject
  WHERE audit.seq IN (SELECT max(seq) FROM audit WHERE action = 'license.loaded' GROUP BY subject);
`;
