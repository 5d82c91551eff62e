import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../src-authority/adapter/database.ts';
import type { Database } from '../../src-authority/adapter/database.ts';
import { createMailer } from '../../src-authority/adapter/mailer.ts';
import { createDelivery, pauseAfter } from '../../src-authority/mail/deliver.ts';
import { writeLetter } from '../../src-authority/mail/letter.ts';
import { invitationLetter } from '../../src-authority/mail/letters/invitation.ts';
import { outbox } from '../../src-authority/mail/outbox.ts';
import { queueMail } from '../../src-authority/mail/queue.ts';
import { unwrap } from '../../src-shared/result.ts';
import { settableClock } from '../support/authority.ts';
import { startSmtp } from '../support/smtp.ts';
import type { TestSmtp } from '../support/smtp.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const facts = { organization: 'Northlight', role: 'editor', invitedBy: 'Olga', link: 'https://portal.example/invitation#abc', expiresAt: 1_800_000_000 } as const;

let folder: string;
let smtp: TestSmtp;
let database: Database;
let stop: (() => Promise<void>) | null = null;
const clock = settableClock();
const start = (url = smtp.url): void => {
  ({ stop } = createDelivery({ database, clock }, createMailer({ url, from: 'Latchkey <no-reply@portal.example>' }), quiet));
};
const queue = (to: string, more: Partial<typeof facts> | { organization: string } = {}) =>
  database.transact((trx) => queueMail(trx, { to, locale: 'en', letter: invitationLetter, facts: { ...facts, ...more }, at: clock.now() }));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-mail-'));
  smtp = await startSmtp();
  database = unwrap(openDatabase(join(folder, 'authority.db'), { now: clock.now(), create: true }));
});
afterEach(async () => {
  await stop?.();
  stop = null;
  await database.close();
  await smtp.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a letter reaches the mail server whole, and its words are struck out of the outbox', async () => {
  await queue('new@x.example');
  expect(await outbox(database.db, false)).toMatchObject([{ to: 'new@x.example', state: 'waiting', attempts: 0 }]);
  start();
  const mail = await smtp.next('new@x.example');
  expect(mail.from).toContain('no-reply@portal.example');
  expect(mail.link().href).toBe('https://portal.example/invitation#abc');
  expect(mail.token()).toBe('abc');
  expect(mail.html).toContain('href="https://portal.example/invitation#abc"');
  await expect.poll(() => outbox(database.db, true)).toMatchObject([{ state: 'sent', text: '', sentAt: clock.now(), attempts: 1 }]);
  expect(await outbox(database.db, false)).toEqual([]);
});

test('a letter of a change that was undone is never sent', async () => {
  await database
    .transact(async (trx) => {
      await queueMail(trx, { to: 'never@x.example', locale: 'en', letter: invitationLetter, facts, at: clock.now() });
      throw new Error('undone');
    })
    .catch(() => undefined);
  await queue('other@x.example');
  start();
  await smtp.next('other@x.example');
  expect(smtp.mails().map((mail) => mail.to)).toEqual(['other@x.example']);
});

test('a letter that is refused for now is tried again when its pause is over, with the same id, and arrives once', async () => {
  smtp.refuse('slow@x.example', 451);
  await queue('slow@x.example');
  start();
  await expect.poll(() => outbox(database.db, false)).toMatchObject([{ state: 'waiting', attempts: 1, nextAt: clock.now() + pauseAfter(1) }]);
  smtp.refuse('slow@x.example', null);
  clock.advance(pauseAfter(1) - 1);
  // One that is written now is sent in a round that passes the other over.
  await queue('quick@x.example');
  await smtp.next('quick@x.example');
  expect(smtp.mails().map((mail) => mail.to)).toEqual(['quick@x.example']);
  clock.advance(1);
  await smtp.next('slow@x.example');
  await expect.poll(async () => (await outbox(database.db, true)).find((mail) => mail.to === 'slow@x.example')).toMatchObject({ state: 'sent', attempts: 2 });
  expect(smtp.mails()).toHaveLength(2);
});

test('an address that does not exist is given up at once, and one that never answers after three days', async () => {
  smtp.refuse('gone@x.example', 550);
  smtp.refuse('silent@x.example', 451);
  await queue('gone@x.example');
  await queue('silent@x.example');
  start();
  await expect.poll(async () => (await outbox(database.db, false)).find((mail) => mail.to === 'gone@x.example')).toMatchObject({ state: 'failed', text: '' });
  await expect.poll(async () => (await outbox(database.db, false)).find((mail) => mail.to === 'silent@x.example')).toMatchObject({ state: 'waiting', attempts: 1 });
  clock.advance(3 * 86_400);
  await expect.poll(async () => (await outbox(database.db, false)).find((mail) => mail.to === 'silent@x.example')).toMatchObject({ state: 'failed', text: '' });
  expect(smtp.mails()).toEqual([]);
});

test('a mail server that is down keeps the letters in the outbox until it is back', async () => {
  const { url } = smtp;
  await smtp.close();
  await queue('patient@x.example');
  start(url);
  await expect.poll(() => outbox(database.db, false)).toMatchObject([{ state: 'waiting', attempts: 1, problem: expect.stringMatching(/ECONNREFUSED/) }]);
  smtp = await startSmtp();
  await stop?.();
  start();
  clock.advance(pauseAfter(1));
  await smtp.next('patient@x.example');
});

test('nothing that people wrote becomes markup or a header', () => {
  for (const locale of ['en', 'de'] as const) {
    const written = writeLetter(invitationLetter, locale, { ...facts, organization: '<img src=x onerror=alert(1)>"&\r\nBcc: all@x.example', invitedBy: "O'Neil\n" });
    expect(written.subject).not.toMatch(/[\r\n]/);
    expect(written.html).not.toContain('<img');
    expect(written.html).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&amp;');
    expect(written.html).not.toMatch(/src=["']?http/);
  }
});
