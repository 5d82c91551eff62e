import { beforeEach, expect, test, vi } from 'vitest';
import { createNotify } from '../../../src-main/shell/notifications.ts';
import { lifecycle } from '../../support/electron-preview/lifecycle.ts';
import { clickShown, closeShown, collectGarbage, failShown, getShownNotifications } from '../../support/electron-preview/notification.ts';

vi.mock('electron', () => import('../../support/electron-preview/notification.ts'));

/** On the stand-in's own notifications, whose objects are collected like Electron's. */
lifecycle.markReady();
const logged: unknown[] = [];
const notify = createNotify((event, facts) => void logged.push([event, facts]));
const clicked: string[] = [];
const show = (title: string): (() => void) => notify({ title, body: '' }, () => void clicked.push(title));
const placeOf = (title: string): number => getShownNotifications().findIndex((one) => one.title === title);
const isHeld = async (): Promise<readonly boolean[]> => {
  await collectGarbage();
  return getShownNotifications().map(({ object }) => object.deref() !== undefined);
};
beforeEach(() => {
  while (getShownNotifications().length > 0) clickShown(0);
  clicked.length = 0;
});

test('the click on an older message still does what it said', async () => {
  show('one');
  show('two');
  show('three');
  expect(await isHeld()).toEqual([true, true, true]);
  clickShown(placeOf('two'));
  clickShown(placeOf('one'));
  expect(clicked).toEqual(['two', 'one']);
});

test('a message that Windows has moved to its notification centre can be clicked there', async () => {
  show('later');
  closeShown(placeOf('later'), 'timedOut');
  expect(await isHeld()).toEqual([true]);
  clickShown(placeOf('later'));
  expect(clicked).toEqual(['later']);
});

test('a message that the app takes away is gone', async () => {
  show('withdrawn')();
  expect(getShownNotifications()).toEqual([]);
});

test.each([
  ['clicked', () => clickShown(0)], ['closed', () => closeShown(0)], ['closed by the person', () => closeShown(0, 'userCanceled')], ['refused by the system', () => failShown(0, 'not signed')],
])('a message that was %s is held no longer', async (_how, end) => {
  show('passing');
  const object = getShownNotifications()[0]?.object;
  end();
  await collectGarbage();
  expect(object?.deref()).toBeUndefined();
});

test('a message that the system refuses is in the log', () => {
  show('refused');
  failShown(0, 'not signed');
  expect(logged.at(-1)).toEqual(['notification.failed', { error: 'not signed' }]);
});

test('messages whose end nobody tells do not heap up', async () => {
  for (let count = 0; count < 150; count += 1) show(String(count));
  expect((await isHeld()).filter(Boolean)).toHaveLength(100);
  clickShown(placeOf('149'));
  expect(clicked).toEqual(['149']);
});
