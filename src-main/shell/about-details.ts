import type { Words } from './messages.ts';

export type AboutFacts = {
  readonly version: string;
  /** What this copy was built from; null of a build that nobody named. */
  readonly build: string | null;
  readonly electron: string;
  readonly chromium: string;
  readonly node: string;
  readonly system: string;
  readonly home: string;
  /** Null of a machine without a network. */
  readonly authority: string | null;
};

/** What support asks for first, a line each. */
export const aboutDetails = ({ version, build, electron, chromium, node, system, home, authority }: AboutFacts, { say }: Words): string => [
  build === null ? say('about.version', { version }) : say('about.build', { version, build }),
  `Electron ${electron}, Chromium ${chromium}, Node ${node}`,
  system,
  say('about.home', { home }),
  authority === null ? say('about.no-authority') : say('about.authority', { address: authority }),
].join('\n');
