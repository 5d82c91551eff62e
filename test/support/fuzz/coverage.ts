import { Session } from 'node:inspector';
import type { Profiler } from 'node:inspector';

/** Which blocks of our own source have run, as V8 counts them. */
export type Coverage = {
  /** The blocks that ran since the last call. */
  readonly take: () => ReadonlySet<string>;
};

export const startCoverage = (isOurs: (url: string) => boolean): Coverage => {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const ours = new Map<string, boolean>();
  // V8 names a block only where its count differs from what is around it: which blocks a function has is learnt as it goes.
  const known = new Map<string, Map<string, readonly [number, number]>>();
  return {
    take: () => {
      const blocks = new Set<string>();
      // The answer comes before `post` returns.
      session.post('Profiler.takePreciseCoverage', (error: Error | null, taken: Profiler.TakePreciseCoverageReturnType) => {
        if (error) throw error;
        for (const { scriptId, url, functions } of taken.result) {
          let is = ours.get(scriptId);
          if (is === undefined) ours.set(scriptId, (is = isOurs(url)));
          if (!is) continue;
          for (const { ranges } of functions) {
            const [whole] = ranges;
            if (!whole || whole.count === 0) continue;
            const name = `${scriptId} ${whole.startOffset} ${whole.endOffset}`;
            let parts = known.get(name);
            if (!parts) known.set(name, (parts = new Map()));
            for (const { startOffset, endOffset } of ranges) parts.set(`${name} ${startOffset} ${endOffset}`, [startOffset, endOffset]);
            // Ranges are nested and the inner ones come later: the last one around a block says how often it ran.
            for (const [block, [start, end]] of parts) if ((ranges.findLast((range) => range.startOffset <= start && range.endOffset >= end)?.count ?? 0) > 0) blocks.add(block);
          }
        }
      });
      return blocks;
    },
  };
};
