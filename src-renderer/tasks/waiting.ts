import { useQuery } from '../authority/index.ts';

/** How many open requests of an organization wait for this person's answer. */
export const useWaitingRequests = (organization: string | null): number =>
  useQuery('holdings.tasks', { params: { organization: organization ?? '' }, query: { limit: 1 } }, { on: ['entitlements', 'lease'], isEnabled: organization !== null }).value?.waiting ?? 0;
