import type { LatchkeyBridge } from '../../src-shared/ipc.ts';

declare global {
  interface Window {
    /** Exposed by src-main/preload.ts. */
    readonly latchkey: LatchkeyBridge;
  }
}
