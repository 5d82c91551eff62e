import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** A real SMTP server on loopback that keeps what it is given. */
export type ReceivedMail = {
  readonly to: string;
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly messageId: string;
  /** The first link of the plain text; throws when there is none. */
  readonly link: () => URL;
  /** What stands after `#` in that link: the token. */
  readonly token: () => string;
};

export type TestSmtp = {
  readonly url: string;
  readonly mails: () => readonly ReceivedMail[];
  /** The next mail to an address that `next` has not returned yet, waiting up to 10 s for it. */
  readonly next: (to: string) => Promise<ReceivedMail>;
  /** While this is set, letters to it are refused with the status: 4xx for now, 5xx for good. */
  readonly refuse: (to: string, status: number | null) => void;
  readonly close: () => Promise<void>;
};

const WAIT_MS = 10_000;

export const startSmtp = async (): Promise<TestSmtp> => {
  const mails: ReceivedMail[] = [];
  const taken = new Set<ReceivedMail>();
  const refused = new Map<string, number>();
  const waiting = new Set<() => void>();

  const keep = async (stream: NodeJS.ReadableStream, to: string): Promise<void> => {
    const parsed = await simpleParser(stream as Parameters<typeof simpleParser>[0]);
    const text = parsed.text ?? '';
    const link = (): URL => {
      const found = /https?:\/\/\S+/.exec(text)?.[0];
      if (found === undefined) throw new Error(`no link in the mail "${parsed.subject ?? ''}" to ${to}`);
      return new URL(found);
    };
    mails.push({
      to, from: parsed.from?.text ?? '', subject: parsed.subject ?? '', text, html: parsed.html || '', messageId: parsed.messageId ?? '',
      link, token: () => link().hash.slice(1),
    });
    for (const wake of waiting) wake();
  };

  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo: ({ address }, _, callback) => {
      const status = refused.get(address.toLowerCase());
      callback(status === undefined ? null : Object.assign(new Error('refused by the test'), { responseCode: status }));
    },
    onData: (stream, session, callback) => {
      const to = session.envelope.rcptTo.map(({ address }) => address.toLowerCase()).join(',');
      // oxlint-disable-next-line promise/no-callback-in-promise
      keep(stream, to).then(() => callback(), callback);
    },
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.server.address() as AddressInfo;

  const take = (to: string): ReceivedMail | undefined => {
    const mail = mails.find((each) => each.to === to.toLowerCase() && !taken.has(each));
    if (mail) taken.add(mail);
    return mail;
  };

  return {
    url: `smtp://127.0.0.1:${port}`,
    mails: () => [...mails],
    next: (to) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const mail = take(to);
          if (!mail) return;
          waiting.delete(look);
          clearTimeout(enough);
          resolve(mail);
        };
        const enough = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`no mail to ${to} within ${WAIT_MS / 1000} s; got: ${mails.map((mail) => `${mail.to} "${mail.subject}"`).join(', ') || 'none'}`));
        }, WAIT_MS);
        waiting.add(look);
        look();
      }),
    refuse: (to, status) => void (status === null ? refused.delete(to.toLowerCase()) : refused.set(to.toLowerCase(), status)),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
};
