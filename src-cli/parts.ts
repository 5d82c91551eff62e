import { parseKind } from '../src-shared/documents/index.ts';
import { fingerprintParts } from '../src-shared/fingerprint.ts';
import type { FingerprintPart } from '../src-shared/fingerprint.ts';

export const partNames: { readonly [P in FingerprintPart]: string } = { os: 'operating system', board: 'main board', cpu: 'processor', disk: 'system disk', net: 'network' };

const isPart = (text: string): text is FingerprintPart => Object.hasOwn(partNames, text);

/** A part of a fingerprint in words. */
export const partName = (part: unknown): string => (typeof part === 'string' && isPart(part) ? partNames[part] : String(part));

export const missingIn = (shown: readonly string[]): readonly FingerprintPart[] => fingerprintParts.filter((part) => !shown.includes(part));

/** The parts of its computer that a request does not show; none where it cannot be read. */
export const notShownIn = (request: string | Uint8Array): readonly FingerprintPart[] => {
  const parsed = parseKind('request', request);
  return parsed.ok ? missingIn(Object.keys(parsed.value.claims.fp.parts)) : [];
};

/** For whoever answers a request; nothing where every part is shown. */
export const describeNotShown = (parts: readonly string[]): string =>
  (parts.length === 0 ? '' : ` The computer does not show: ${parts.map(partName).join(', ')}. That is usual for containers and virtual machines.`);
