import { fail, ok } from '../../../src-shared/result.ts';
import type { Result } from '../../../src-shared/result.ts';

/** The largest document, bytes (docs/document-format.md). */
const DOCUMENT_SIZE = 64 * 1024;

/** The text of a file that may be a document. What cannot be one is refused here, and never sent. */
export const readDocument = async (file: Blob): Promise<Result<string>> => {
  if (file.size > DOCUMENT_SIZE) return fail('FILE_MALFORMED', { why: 'size' });
  try {
    return ok(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await file.arrayBuffer()));
  } catch {
    // Not UTF-8; or a folder, or a file that is gone, which cannot be read at all.
    return fail('FILE_MALFORMED', { why: 'encoding' });
  }
};
