/** Why a license is suspended, for the people who meet it. */
export const suspension = `
ALTER TABLE license ADD COLUMN suspended_reason TEXT;
`;
