import type { Problem } from '../../src-shared/desktop.ts';
import { organization as german } from '../messages/de/organization.ts';
import { organization } from '../messages/en/organization.ts';
import { pageWords } from '../messages/words.ts';

export const useOrganizationWords = pageWords('organization', { en: organization, de: german });

export type Why = keyof typeof organization.why;
/** Why a change was refused, where this page has words of its own for it. */
export const whyOf = ({ details: { why } }: Problem): Why | null => (typeof why === 'string' && Object.hasOwn(organization.why, why) ? (why as Why) : null);
