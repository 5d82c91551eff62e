import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { launchChromium } from '../../support/electron-preview/chromium.ts';
import { launchPreview, type Preview } from '../../support/electron-preview/index.ts';
import { createPermissions } from '../../support/electron-preview/permissions.ts';

/** electron/docs/api/session.md, "ses.setPermissionRequestHandler" and "ses.setPermissionCheckHandler". */
const main = fileURLToPath(new URL('../../support/electron-preview/fixture/main.mjs', import.meta.url));
const frame = { origin: 'app://fixture', url: 'app://fixture/page' };
let browser: Browser;
let home: string;
let preview: Preview | null = null;

beforeAll(async () => { browser = await launchChromium(); });
afterAll(() => browser.close());
beforeEach(() => { home = mkdtempSync(join(tmpdir(), 'electron-preview-')); });
afterEach(async () => {
  await preview?.kill();
  preview = null;
  rmSync(home, { recursive: true, force: true });
});

test('without handlers a page is granted all, but for the old way of reading the clipboard', async () => {
  const permissions = createPermissions();
  expect(await permissions.permits({ how: 'request', permission: 'geolocation' }, null, frame)).toBe(true);
  expect(await permissions.permits({ how: 'check', permission: 'notifications' }, null, frame)).toBe(true);
  expect(await permissions.permits({ how: 'check', permission: 'deprecated-sync-clipboard-read' }, null, frame)).toBe(false);
});

test('the handlers hear who asks, from where, and for which media', async () => {
  const permissions = createPermissions();
  const heard = vi.fn<(...args: unknown[]) => void>();
  permissions.setPermissionRequestHandler((contents, permission, callback, details) => { heard(contents, permission, details); callback(false); });
  permissions.setPermissionCheckHandler((contents, permission, origin, details) => { heard(contents, permission, origin, details); return false; });
  await permissions.permits({ how: 'request', permission: 'media', mediaTypes: ['audio', 'video'] }, 'contents', frame);
  await permissions.permits({ how: 'check', permission: 'media', mediaTypes: ['video'] }, 'contents', frame);
  expect(heard.mock.calls).toEqual([
    ['contents', 'media', { requestingUrl: 'app://fixture/page', isMainFrame: true, mediaTypes: ['audio', 'video'], securityOrigin: 'app://fixture/' }],
    ['contents', 'media', 'app://fixture/', { requestingUrl: 'app://fixture/page', isMainFrame: true, embeddingOrigin: 'app://fixture/', mediaType: 'video' }],
  ]);
  expect(permissions.permissionAnswers().map(({ granted }) => granted)).toEqual([false, false]);
});

test('what a page asks for by the web\'s own ways reaches the handlers, and a refusal is the web\'s own', async () => {
  preview = await launchPreview({ main, args: [`--user-data-dir=${home}`] });
  const page = await (await browser.newContext()).newPage();
  await page.goto(preview.url);
  const outcome = await page.evaluate(async () => {
    const nameOf = (promise: Promise<unknown>) => promise.then(() => 'granted', (error: Error) => `${error.name}: ${error.message}`);
    return {
      notifications: await Notification.requestPermission(), shown: Notification.permission,
      place: await new Promise((resolve) => { navigator.geolocation.getCurrentPosition(() => resolve('granted'), ({ code }) => resolve(code)); }),
      read: await nameOf(navigator.clipboard.readText()), media: await nameOf(navigator.mediaDevices.getUserMedia({ audio: true })),
      query: (await navigator.permissions.query({ name: 'geolocation' })).state,
    };
  });
  expect(outcome).toEqual({
    notifications: 'denied', shown: 'denied', place: 1,
    read: "NotAllowedError: Failed to execute 'readText' on 'Clipboard': Read permission denied.", media: 'NotAllowedError: Permission denied', query: 'granted',
  });
  expect((await preview.permissionAnswers()).filter(({ how }) => how === 'request').map(({ permission, granted }) => [permission, granted])).toEqual([['notifications', false], ['geolocation', false], ['clipboard-read', false], ['media', false]]);
});
