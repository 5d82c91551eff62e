import { kindTable } from '../../src-shared/documents/index.ts';
import type { Keyset } from './keysets.ts';

/** A keyset as it is carried: its document, and a name that says which version it is. */
export const keysetFile = ({ version, document }: Keyset) => ({ version, document, fileName: `latchkey-keyset-${version}${kindTable.keyset.extension}` });
