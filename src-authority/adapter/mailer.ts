import { createTransport } from 'nodemailer';

export type OutgoingMail = { readonly id: string; readonly to: string; readonly subject: string; readonly text: string; readonly html: string };

/** Sends one letter. `gone`: the server will never take it (no such mailbox); `later`: it may the next time. */
export type Mailer = {
  readonly send: (mail: OutgoingMail) => Promise<{ readonly kind: 'sent' } | { readonly kind: 'gone' | 'later'; readonly problem: string }>;
  readonly close: () => void;
};

const SMTP_MS = 20_000;

/** A percent sign that is no escape is meant as it is: passwords hold them. */
export const asTyped = (text: string): string => text.replace(/(%[0-9a-f]{2})+/gi, (escaped) => {
  try {
    return decodeURIComponent(escaped);
  } catch {
    return escaped;
  }
});

/** Hands letters to an SMTP server: `smtp://`, or `smtps://` for TLS from the first byte; user and password stand in the address. */
export const createMailer = (options: { readonly url: string; readonly from: string }): Mailer => {
  const address = new URL(options.url);
  const transport = createTransport({
    host: address.hostname,
    port: address.port === '' ? (address.protocol === 'smtps:' ? 465 : 587) : Number(address.port),
    secure: address.protocol === 'smtps:',
    // SECURITY: a password crosses the network only enciphered.
    requireTLS: address.protocol === 'smtp:' && address.username !== '',
    ...(address.username === '' ? {} : { auth: { user: asTyped(address.username), pass: asTyped(address.password) } }),
    pool: true, maxConnections: 2, connectionTimeout: SMTP_MS, greetingTimeout: SMTP_MS, socketTimeout: SMTP_MS,
    // SECURITY: a letter's words name neither files nor addresses to be fetched.
    disableFileAccess: true, disableUrlAccess: true,
  });
  const domain = /@([^>\s]+)>?$/.exec(options.from)?.[1] ?? 'localhost';
  return {
    send: async ({ id, to, subject, text, html }) => {
      try {
        await transport.sendMail({
          from: options.from, to: { name: '', address: to }, subject, text, html,
          // The same letter has the same id, also when it is sent again because an answer was lost.
          messageId: `<${id}@${domain}>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
        return { kind: 'sent' };
      } catch (error) {
        const { responseCode, code, message } = error as { responseCode?: number; code?: string; message: string };
        const isRefused = code === 'EENVELOPE' && responseCode !== undefined && responseCode >= 500;
        return { kind: isRefused ? 'gone' : 'later', problem: message.slice(0, 300) };
      }
    },
    close: () => transport.close(),
  };
};
