/** Letters, digits and marks of any script, and the signs that RFC 5322 allows in an atom (RFC 6532 for those beyond ASCII). */
const ATOM = "[\\p{L}\\p{M}\\p{N}!#$%&'*+/=?^_`{|}~-]+";
const NAME = '[\\p{L}\\p{N}](?:[\\p{L}\\p{M}\\p{N}-]{0,61}[\\p{L}\\p{M}\\p{N}])?';
const FORM = new RegExp(`^${ATOM}(?:\\.${ATOM})*@(?:${NAME}\\.)+(?!\\d+$)(?=[^.]{2})${NAME}$`, 'u');

const LONGEST = 254;
const LONGEST_LOCAL = 64;

/** Whether a mail server may know this address: no quotes, no comments, a host name with a dot and at least two characters after the last one; scripts of all kinds on both sides. */
export const isEmail = (text: string): boolean => text.length <= LONGEST && text.indexOf('@') <= LONGEST_LOCAL && FORM.test(text.normalize('NFC'));
