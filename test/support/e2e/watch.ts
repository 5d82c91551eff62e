import type { ConsoleMessage, Page } from '@playwright/test';

/** Hears everything that goes wrong in a page: errors thrown, errors logged (a refusal by the CSP is one), crashes. */
export type Watch = {
  readonly on: (page: Page) => void;
  /** What was heard, less what the spec expects. */
  readonly heard: () => readonly string[];
  readonly expect: (what: RegExp) => void;
};

/** A browser logs every answer of 400 and more; those of the HTTP contract are outcomes that the page shows. */
const isRefusal = (message: ConsoleMessage): boolean =>
  /^Failed to load resource: the server responded with a status of 4\d\d/.test(message.text()) && new URL(message.location().url).pathname.startsWith('/v1/');

export const createWatch = (): Watch => {
  const heard: string[] = [];
  const expected: RegExp[] = [];
  return {
    on: (page) => {
      page.on('pageerror', (error) => heard.push(`thrown: ${error.stack ?? error.message}`));
      page.on('crash', () => heard.push('the page crashed'));
      page.on('console', (message) => {
        if ((message.type() === 'error' && !isRefusal(message)) || /content security policy|trusted ?type/i.test(message.text())) heard.push(`${message.type()}: ${message.text()}`);
      });
    },
    heard: () => heard.filter((text) => !expected.some((pattern) => pattern.test(text))),
    expect: (what) => void expected.push(what),
  };
};
