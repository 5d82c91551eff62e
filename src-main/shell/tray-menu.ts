import type { DesktopState, HeldLease } from '../../src-shared/desktop.ts';
import type { Words } from './messages.ts';

/** What a click in the tray's menu asks for. */
export type TrayAction =
  | { readonly do: 'open' | 'choose' | 'quit' }
  | { readonly do: 'switch-offline' | 'switch-online' | 'release' | 'show-lease'; readonly lease: string };

export type TrayItem =
  | { readonly type: 'separator' }
  | { readonly type: 'text'; readonly label: string }
  | { readonly type: 'action'; readonly label: string; readonly enabled: boolean; readonly action: TrayAction }
  | { readonly type: 'submenu'; readonly label: string; readonly items: readonly TrayItem[] };

type TrayState = Pick<DesktopState, 'leases' | 'connection'>;

const separator: TrayItem = { type: 'separator' };

/** The tray's menu for a state. One lease stands in the menu itself; more have a submenu each. */
export const trayMenu = ({ leases, connection }: TrayState, words: Words): readonly TrayItem[] => {
  const { say, time } = words;
  const online = leases.filter(({ mode, standing }) => mode === 'online' && standing.usable);
  const [only] = leases;
  const held: readonly TrayItem[] =
    only === undefined ? [{ type: 'text', label: say('tray.none') }, { type: 'action', label: say('tray.choose'), enabled: true, action: { do: 'choose' } }]
    : leases.length === 1 ? [{ type: 'action', label: title(only, words), enabled: true, action: { do: 'show-lease', lease: only.id } }, ...leaseItems(only, connection.state, words)]
    : leases.map((lease) => ({ type: 'submenu', label: title(lease, words), items: leaseItems(lease, connection.state, words) }));
  return [
    ...held,
    separator,
    { type: 'action', label: say('tray.open'), enabled: true, action: { do: 'open' } },
    ...(online.length === 0 ? [] : [{ type: 'text', label: say('tray.kept', { until: time(Math.max(...online.map(({ until }) => until))) }) } as const]),
    { type: 'action', label: say('tray.quit'), enabled: true, action: { do: 'quit' } },
  ];
};

const modeOf = ({ mode, unrenewed }: HeldLease, { say }: Words): string => say(unrenewed === null ? `mode.${mode}` : 'mode.unrenewed');

const title = (lease: HeldLease, words: Words): string =>
  words.say(lease.standing.usable ? 'tray.lease' : 'tray.unusable', { product: lease.product.name, mode: modeOf(lease, words) });

const leaseItems = (lease: HeldLease, connection: TrayState['connection']['state'], { say, time }: Words): readonly TrayItem[] => [
  { type: 'text', label: say('tray.until', { until: time(lease.until) }) },
  ...(lease.unrenewed === null ? [] : [{ type: 'text', label: say('tray.unrenewed', { since: time(lease.unrenewed.since) }) } as const]),
  lease.mode === 'online'
    ? { type: 'action', label: say('tray.switch-offline'), enabled: connection === 'online' && lease.offlineDays > 0, action: { do: 'switch-offline', lease: lease.id } }
    : { type: 'action', label: say('tray.switch-online'), enabled: connection === 'online', action: { do: 'switch-online', lease: lease.id } },
  { type: 'action', label: say('tray.release'), enabled: true, action: { do: 'release', lease: lease.id } },
];

/** What the icon says when pointed at: of several leases, the one that needs somebody. */
export const trayTip = ({ leases }: Pick<DesktopState, 'leases'>, words: Words): string => {
  const usable = leases.filter(({ standing }) => standing.usable);
  const lease = usable.find(({ unrenewed }) => unrenewed !== null) ?? usable[0];
  return lease === undefined ? words.say('app.name') : words.say('tray.tip', { product: lease.product.name, mode: modeOf(lease, words), until: words.time(lease.until) });
};
