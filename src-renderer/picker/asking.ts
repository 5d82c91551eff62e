import { obstaclesOf } from '../../src-shared/license.ts';
import type { Entitlement } from '../../src-shared/license.ts';
import { may } from '../../src-shared/role.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { useQuery } from '../authority/index.ts';
import { useDesktopState } from '../desktop/use-desktop.ts';

const isForAssignment = ({ reasons }: Entitlement): boolean => reasons.some(({ code }) => code === 'LICENSE_NOT_ASSIGNED' || code === 'ROLE_NOT_ALLOWED');
/** Someone else's release is of use only where a seat is all that is missing. */
const isForRelease = (entitlement: Entitlement): boolean => {
  const obstacles = obstaclesOf(entitlement);
  return obstacles.length > 0 && obstacles.every(({ code }) => code === 'SEAT_LIMIT_EXCEEDED');
};

/** What can be asked about licenses that are not available, and what the person has asked already. */
export type Asking = {
  /** Whoever may assign it need not ask for it. */
  readonly isAssignable: (entitlement: Entitlement) => boolean;
  readonly isForAssignment: (entitlement: Entitlement) => boolean;
  readonly isForRelease: (entitlement: Entitlement) => boolean;
  /** When this license was asked for; null when it was not. */
  readonly forAssignment: (license: string) => Seconds | null;
  readonly forRelease: (lease: string) => Seconds | null;
  readonly refresh: () => void;
};

/** Asked once for the whole list, so that arrows through it cost nothing. Nothing can be asked without a network. */
export const useAsking = (entitlements: readonly Entitlement[]): Asking => {
  const account = useDesktopState((state) => state.account);
  const me = account?.user.id ?? null;
  const isConnected = useDesktopState((state) => state.connection.state === 'online');
  const canAsk = me !== null && isConnected;
  const organization = entitlements[0]?.organization.id ?? '';
  const { value, refresh } = useQuery(
    'holdings.tasks',
    { params: { organization }, query: { state: 'open', limit: 200 } },
    { on: ['entitlements'], isEnabled: canAsk && entitlements.some((each) => isForAssignment(each) || isForRelease(each)) },
  );
  const isAssignable = (entitlement: Entitlement): boolean => {
    const role = account?.organizations.find(({ id }) => id === entitlement.organization.id)?.role;
    return role !== undefined && may(role, 'license.assign') && isForAssignment(entitlement);
  };
  const mine = value?.tasks.filter(({ from, state }) => from.id === me && state === 'open') ?? [];
  return {
    isAssignable,
    isForAssignment: (entitlement) => canAsk && isForAssignment(entitlement) && !isAssignable(entitlement),
    isForRelease: (entitlement) => canAsk && isForRelease(entitlement),
    forAssignment: (license) => mine.find((task) => task.kind === 'assignment' && task.license === license)?.createdAt ?? null,
    forRelease: (lease) => mine.find((task) => task.kind === 'release' && task.lease === lease)?.createdAt ?? null,
    refresh: () => void refresh(),
  };
};
