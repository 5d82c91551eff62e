/** A session in a cookie is bound to a second secret, which the browser does not send by itself. */
export const sessionBinding = `
-- Null: the session's token travels as bearer, and nothing else is asked for.
ALTER TABLE session ADD COLUMN binding_hash TEXT;
-- The binding of the session that this one took the place of: requests of other pages may be on their way with it.
ALTER TABLE session ADD COLUMN replaced_binding TEXT;
ALTER TABLE session ADD COLUMN replaced_until INTEGER;
`;
