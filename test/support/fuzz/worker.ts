import { parentPort, workerData } from 'node:worker_threads';
import { startCoverage } from './coverage.ts';
import { fuzz } from './engine.ts';
import { cleanUp } from './targets-borders.ts';
import { allTargets, plantedTarget } from './targets.ts';
import type { WorkerInput, WorkerReport } from './watchdog.ts';

/** The fuzzer itself; the watchdog in the main thread sees what it is trying, also when it never comes back from it. */
const { seconds, seed, only, planted, guided, shared } = workerData as WorkerInput;
const turn = new Int32Array(shared, 0, 2);
const current = new Uint8Array(shared, 8);
const port = parentPort;
const report = (message: WorkerReport): void => port?.postMessage(message);

process.on('unhandledRejection', (error) => report({ kind: 'stray', what: error instanceof Error ? (error.stack ?? error.message) : String(error) }));

const targets = planted ? [plantedTarget] : (await allTargets()).filter(({ name }) => only === null || name.startsWith(only));
report({ kind: 'targets', names: targets.map(({ name }) => name) });
const numbers = new Map(targets.map(({ name }, at) => [name, at]));
const counts = await fuzz(targets, {
  seconds, seed, guided, stopAtFirst: planted,
  coverage: startCoverage((url) => url.includes('/src-shared/') || url.includes('/src-main/') || url.includes('/src-authority/') || url.includes('/src-renderer/') || url.endsWith('/planted-parser.ts')),
  watch: {
    before: (target, input) => {
      current.set(input.subarray(0, current.length));
      Atomics.store(turn, 1, (numbers.get(target) ?? 0) * 131_072 + Math.min(input.length, current.length));
      Atomics.add(turn, 0, 1);
    },
  },
  found: (finding, minimised) => report({ kind: 'found', finding: { ...finding, input: minimised } }),
});
cleanUp();
report({ kind: 'done', counts });
