/**
 * Begins to measure; the function returned says how many milliseconds have passed, or, where that is less, how long this
 * process has computed: what others do on a busy computer is not what a budget is about.
 */
export const ownTime = (): (() => number) => {
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return Math.min(performance.now() - started, (user + system) / 1000);
  };
};

export const median = (times: readonly number[]): number => times.toSorted((one, two) => one - two)[Math.floor(times.length / 2)] ?? Number.POSITIVE_INFINITY;
