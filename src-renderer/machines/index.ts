/** The machines of an organization. */
export { MachinePage } from './MachinePage.tsx';
export type { MachinePageProps } from './MachinePage.tsx';
export { MachinesPage } from './MachinesPage.tsx';
export { ReissuesPage } from './ReissuesPage.tsx';
