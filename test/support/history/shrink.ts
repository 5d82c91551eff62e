import type { Violation } from './history.ts';
import type { Plan } from './plan.ts';
import { runPlan } from './run.ts';

/**
 * A smaller plan that breaks the same rule: first without the rounds after the violation, then without one part after the
 * other. What happens at once may happen in another order each time, so every part is tried twice before it is kept.
 */
export const shrink = async (plan: Plan, rule: Violation['rule'], until: number): Promise<Plan> => {
  const breaks = async (candidate: Plan): Promise<boolean> => {
    for (let attempt = 0; attempt < 2; attempt += 1) {
      if (performance.now() > until) return false;
      const { violations } = await runPlan(candidate);
      if (violations.some((violation) => violation.rule === rule)) return true;
    }
    return false;
  };
  let least = plan;
  for (const length of [1, 2, 4, 8]) {
    if (length < least.length && (await breaks(least.slice(0, length)))) {
      least = least.slice(0, length);
      break;
    }
  }
  for (let round = least.length - 1; round >= 0 && performance.now() < until; round -= 1) {
    const without = least.toSpliced(round, 1);
    if (without.length > 0 && (await breaks(without))) least = without;
  }
  for (let round = least.length - 1; round >= 0; round -= 1) {
    for (let step = (least[round]?.length ?? 0) - 1; step >= 0 && performance.now() < until; step -= 1) {
      const steps = least[round] ?? [];
      if (steps.length === 1) break;
      const without = least.with(round, steps.toSpliced(step, 1));
      if (await breaks(without)) least = without;
    }
  }
  return least;
};
