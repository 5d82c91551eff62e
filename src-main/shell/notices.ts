import type { Notice } from '../../src-shared/desktop.ts';
import type { Page } from './app-menu.ts';
import type { Facts, MessageKey, Words } from './messages.ts';

export type NoticeText = { readonly title: string; readonly body: string };

/** The words of a notice as the desktop shows it. */
export const noticeText = (notice: Pick<Notice, 'kind' | 'productName' | 'details'>, { say }: Words): NoticeText => {
  const facts: Facts = { product: notice.productName ?? say('notice.some-license'), count: days(notice), rebuilt: number(notice, 'rebuilt', 0), missing: number(notice, 'refused', 0) };
  const title: MessageKey = `notice.${notice.kind}.title`;
  const body: MessageKey = `notice.${notice.kind}.body`;
  return { title: say(title, facts), body: say(body, facts) };
};

const number = ({ details }: Pick<Notice, 'details'>, name: string, otherwise: number): number => {
  const value = details[name];
  return typeof value === 'number' ? value : otherwise;
};

const days = (notice: Pick<Notice, 'details'>): number => number(notice, 'days', 1);

/** Where the person goes on: a lease that is gone leads to the picker. */
export const noticePage = (kind: Notice['kind']): Page => {
  switch (kind) {
    case 'released-elsewhere':
    case 'revoked':
    case 'expired': return 'picker';
    case 'expiring':
    case 'renew-refused': return 'lease';
    case 'store-recovered': return 'exchange';
  }
};

/** Says each notice once: the state carries the newest one again and again. */
export const createNoticeTeller = (first: Notice | null, tell: (notice: Notice) => void) => {
  let last = first;
  return (notice: Notice | null): void => {
    if (notice === null || (last !== null && last.at === notice.at && last.kind === notice.kind && last.lease === notice.lease)) return;
    last = notice;
    tell(notice);
  };
};
