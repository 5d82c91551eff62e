/**
 * SECURITY: the text of a defect may quote what the program was working on. Documents, tokens and keys, addresses of people and
 * whatever stands in double quotes are taken out before it is written to the log, which a person may send to support.
 */
export const scrub = (text: string): string =>
  text
    .slice(0, 16_000)
    .replace(/-----BEGIN [\s\S]*?(?:-----END [A-Z ]*-----|$)/g, '[document]')
    // What V8 quotes of a text that is no JSON has quotes of its own.
    .replace(/(?:\.\.\.)?"[^\0]{0,300}?"(?:\.\.\.)? is not valid JSON/g, '"…" is not valid JSON')
    // To the end of the line where the quotation has none.
    .replace(/"(?:[^"\\\n]|\\.)*(?:"|\\?$)/gm, '"…"')
    // Not of a path, in which a scope begins with the same sign.
    .replace(/[^\s@/\\"'<>()]+@[^\s@/\\"'<>()]+\.\p{L}{2,}/gu, '[address]')
    .replace(/(?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{32,}/g, '[…]')
    .slice(0, 4000);

export const defectText = (error: unknown): string => scrub(error instanceof Error ? (error.stack ?? error.message) : String(error));
