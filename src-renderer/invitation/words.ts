import { invitation as german } from '../messages/de/invitation.ts';
import { invitation } from '../messages/en/invitation.ts';
import { pageWords } from '../messages/words.ts';

export const useInvitationWords = pageWords('invitation', { en: invitation, de: german });
