import i18next from 'i18next';
import type { Seconds } from '../../src-shared/time.ts';

/** The words that main shows itself: tray, application menu, notifications. One row a language; English is complete. */
const english = {
  'app.name': 'Latchkey',

  'tray.none': 'No license in use',
  'tray.lease': '{{product}}, {{mode}}',
  'tray.until': 'until {{until}}',
  'tray.unusable': '{{product}}: not usable now',
  'tray.tip': 'Latchkey: {{product}}, {{mode}} until {{until}}',
  'tray.switch-offline': 'Switch to offline mode…',
  'tray.switch-online': 'Switch to online mode',
  'tray.release': 'Release license…',
  'tray.choose': 'Choose a license…',
  'tray.open': 'Open Latchkey',
  'tray.kept': 'Quitting keeps the license until {{until}}',
  'tray.quit': 'Quit Latchkey',
  'mode.online': 'online',
  'mode.offline': 'offline',

  'menu.file': 'File',
  'menu.import': 'Open license file…',
  'menu.edit': 'Edit',
  'menu.view': 'View',
  'menu.picker': 'Choose license',
  'menu.lease': 'License in use',
  'menu.my-licenses': 'My licenses',
  'menu.exchange': 'Offline exchange',
  'menu.window': 'Window',
  'menu.help': 'Help',
  'menu.help-page': 'Latchkey help',
  'menu.portal': 'Open the portal in the browser',
  'menu.log': 'Show log file',
  'menu.about': 'About Latchkey',
  'about.version': 'Version {{version}}',

  'notice.released-elsewhere.title': '{{product}} was released',
  'notice.released-elsewhere.body': 'This license was released from another place. Choose a license to go on.',
  'notice.revoked.title': '{{product}} was revoked',
  'notice.revoked.body': 'The license can no longer be used on this machine. A manager of the organization knows why.',
  'notice.expired.title': '{{product}} has ended',
  'notice.expired.body': 'The time of this license is over. Choose a license to go on.',
  'notice.expiring.title': '{{product}} ends soon',
  'notice.expiring.body_one': 'It ends in {{count}} day. Renew it, or choose another license.',
  'notice.expiring.body_other': 'It ends in {{count}} days. Renew it, or choose another license.',
  'notice.renew-refused.title': '{{product}} could not be renewed',
  'notice.renew-refused.body': 'The authority refused to renew this license. Open Latchkey to see why.',
  'notice.store-recovered.title': 'Latchkey had to start with new local data',
  'notice.store-recovered.body': 'The local database was damaged and was set aside. Licenses that were read back: {{rebuilt}}; that were not: {{missing}}. Open Latchkey to see what is left to do.',
  'notice.switch-failed.title': '{{product}} stays offline',
  'notice.switch-failed.body': 'Switching to online mode did not work. Open Latchkey to see why.',
  'notice.some-license': 'A license',

  'start.failed': 'Latchkey cannot start',
  'start.sealed': "This machine's key is sealed by the system's keychain, which does not open it now. Unlock the keychain, or sign in to the desktop as the person who used Latchkey here, and start again.",
  'start.missing': "The data in {{home}} belongs to a machine key that is gone. Bring the file machine-key.json back, or move the folder away to begin as a new machine.",
  'start.newer': 'The data in {{home}} was written by a newer Latchkey. Install that version.',
  'start.keyset': 'The keyset that this run is to trust cannot be used ({{code}}).',
  'start.no-keyset': 'The keyset {{path}}, which LATCHKEY_TRUST names, cannot be read.',
  'start.address': 'The authority {{address}} is neither an https address nor on this computer.',
  'start.other': 'Its data in {{home}} cannot be used ({{code}}: {{why}}).',
} as const;

type Row = keyof typeof english;
/** A plural is asked for without its ending. */
export type MessageKey = Row extends infer R ? (R extends `${infer Stem}_${'one' | 'other'}` ? Stem : R) : never;
export type Facts = Readonly<Record<string, string | number>>;

export type Words = {
  readonly say: (key: MessageKey, facts?: Facts) => string;
  readonly time: (at: Seconds) => string;
};

type Messages = { readonly [R in Row]: string };
const resources: Readonly<Record<string, { readonly translation: Messages }>> = { en: { translation: english } };

/** Words in the person's language, English where there is none. Times follow the locale in either case. */
export const createWords = (locale: string): Words => {
  const instance = i18next.createInstance();
  void instance.init({ lng: locale, fallbackLng: 'en', resources, keySeparator: false, nsSeparator: false, initAsync: false, interpolation: { escapeValue: false } });
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  return {
    say: (key, facts = {}) => instance.t(key, facts),
    time: (at) => format.format(at * 1000),
  };
};
