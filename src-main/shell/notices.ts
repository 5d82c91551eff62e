import type { Notice } from '../../src-shared/desktop.ts';
import type { Page } from './app-menu.ts';
import type { Facts, MessageKey, Words } from './messages.ts';

export type NoticeText = { readonly title: string; readonly body: string };

/** The words of a notice as the desktop shows it. What is left is counted from when it was told; the time itself stays right. */
export const noticeText = (notice: Pick<Notice, 'at' | 'kind' | 'productName' | 'details'>, { say, time, rest }: Words): NoticeText => {
  const { kind, details } = notice;
  const until = number(notice, 'until', notice.at);
  const facts: Facts = {
    product: notice.productName ?? say('notice.some-license'), until: time(until), rest: rest(notice.at, until), since: time(number(notice, 'since', notice.at)),
    holders: String(details['holders'] ?? ''), rebuilt: number(notice, 'rebuilt', 0), missing: number(notice, 'refused', 0),
  };
  const title: MessageKey = `notice.${kind}.title`;
  const isHeld = kind === 'expired' && typeof details['holders'] === 'string' && details['holders'] !== '';
  const body: MessageKey = isHeld ? 'notice.expired.held' : kind === 'expiring' && details['withLicense'] === true ? 'notice.expiring.license' : `notice.${kind}.body`;
  return { title: say(title, facts), body: say(body, facts) };
};

const number = ({ details }: Pick<Notice, 'details'>, name: string, otherwise: number): number => {
  const value = details[name];
  return typeof value === 'number' ? value : otherwise;
};

/** Where the person goes on: a lease that is gone leads to the picker. */
export const noticePage = (kind: Notice['kind']): Page => {
  switch (kind) {
    case 'released-elsewhere':
    case 'revoked':
    case 'expired': return 'picker';
    case 'taken-again':
    case 'expiring':
    case 'unrenewed':
    case 'renew-refused': return 'lease';
    case 'retired':
    case 'store-recovered': return 'exchange';
  }
};
