/** Which reminders were written: each step of each end once to each person. */
export const reminders = `
-- subject: a license, a lease, or for the weekly list an organization. until: the end that it tells of; of a list, when its week began.
CREATE TABLE reminder (
  kind TEXT NOT NULL CHECK (kind IN ('license', 'lease', 'weekly')),
  subject TEXT NOT NULL,
  until INTEGER NOT NULL,
  step INTEGER NOT NULL,
  user TEXT NOT NULL,
  PRIMARY KEY (kind, subject, until, step, user)
) STRICT, WITHOUT ROWID;
CREATE INDEX reminder_until ON reminder (until);
`;
