/**
 * SECURITY: the text of a defect may quote what the program was working on. Documents, tokens and keys, addresses of people and
 * whatever stands in double quotes are taken out before it is written to the log, which a person may send to support.
 */
export const scrub = (text: string): string =>
  text
    .slice(0, 16_000)
    .replace(/-----BEGIN [\s\S]*?(?:-----END [A-Z ]*-----|$)/g, '[document]')
    .replace(/"(?:[^"\\\n]|\\.)*"/g, '"…"')
    // Not of a path, in which a scope begins with the same sign.
    .replace(/[^\s@/\\"'<>()]+@[^\s@/\\"'<>()]+\.[a-z]{2,}/gi, '[address]')
    .replace(/(?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{32,}/g, '[…]')
    .slice(0, 4000);

export const defectText = (error: unknown): string => scrub(error instanceof Error ? (error.stack ?? error.message) : String(error));
