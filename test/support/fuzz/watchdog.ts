import { Worker } from 'node:worker_threads';
import type { Finding } from './engine.ts';
import { LONGEST } from './mutate.ts';

export type FuzzCounts = { readonly executions: number; readonly taken: number; readonly refused: number; readonly corpus: number; readonly blocks: number; readonly byTarget: Readonly<Record<string, number>> };
export type WorkerInput = { readonly seconds: number; readonly seed: number; readonly only: string | null; readonly planted: boolean; readonly guided: boolean; readonly shared: SharedArrayBuffer };
export type WorkerReport =
  | { readonly kind: 'targets'; readonly names: readonly string[] }
  | { readonly kind: 'found'; readonly finding: Finding }
  | { readonly kind: 'stray'; readonly what: string }
  | { readonly kind: 'done'; readonly counts: FuzzCounts };
export type Outcome = { readonly counts: FuzzCounts | null; readonly targets: readonly string[]; readonly findings: readonly (Omit<Finding, 'kind'> & { readonly kind: Finding['kind'] | 'hangs' | 'stray' })[] };

/** An input that has not come back by then never will. */
const PATIENCE_MS = 30_000;

/** Runs the fuzzer in a thread of its own and notices when an input never comes back. */
export const watched = (input: Omit<WorkerInput, 'shared'>, found: (finding: Outcome['findings'][number]) => void): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    const shared = new SharedArrayBuffer(8 + LONGEST);
    const turn = new Int32Array(shared, 0, 2);
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { ...input, shared } satisfies WorkerInput });
    const findings: Outcome['findings'][number][] = [];
    let targets: readonly string[] = [];
    let [last, since] = [-1, performance.now()];
    const tried = () => {
      const said = Atomics.load(turn, 1);
      return { target: targets[Math.floor(said / 131_072)] ?? '', input: Uint8Array.from(new Uint8Array(shared, 8, said % 131_072)) };
    };
    const add = (finding: Outcome['findings'][number]): void => {
      findings.push(finding);
      found(finding);
    };
    const timer = setInterval(() => {
      const now = Atomics.load(turn, 0);
      if (now !== last) [last, since] = [now, performance.now()];
      else if (targets.length > 0 && performance.now() - since > PATIENCE_MS) {
        add({ ...tried(), kind: 'hangs', what: `did not come back within ${PATIENCE_MS / 1000} s` });
        finish(null);
      }
    }, 1000);
    const finish = (counts: FuzzCounts | null): void => {
      clearInterval(timer);
      void worker.terminate().then(() => resolve({ counts, targets, findings }));
    };
    worker.on('message', (message: WorkerReport) => {
      switch (message.kind) {
        case 'targets': targets = message.names; since = performance.now(); return;
        case 'found': return add(message.finding);
        case 'stray': return add({ ...tried(), kind: 'stray', what: message.what });
        case 'done': return finish(message.counts);
      }
    });
    worker.on('error', (error) => {
      clearInterval(timer);
      reject(error);
    });
  });
