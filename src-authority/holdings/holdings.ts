import type { Ground } from '../ground.ts';
import { createAssignments } from './assignments.ts';
import { createLicenses } from './licenses.ts';
import { createMachines } from './machines.ts';
import { createResolution } from './resolution.ts';
import { createReissues } from './reissues.ts';
import { createTasks } from './tasks.ts';
import { createUsage } from './usage.ts';

/** What an organization owns, who has it, on which machines, what people ask for, and how it is used. */
export const createHoldings = (ground: Ground) => ({
  ...createLicenses(ground),
  ...createAssignments(ground),
  ...createTasks(ground),
  ...createMachines(ground),
  ...createReissues(ground),
  resolve: createResolution(ground),
  ...createUsage(ground),
});

export type Holdings = ReturnType<typeof createHoldings>;
