import { Refusal } from '../../src-shared/result.ts';
import type { LicensingPorts } from './ports.ts';
import type { StoreWriter } from './store.ts';

/** For what is good to know later: a disk that is full or read-only does not keep from showing what is so now. */
export const writeIfPossible = ({ store, log }: Pick<LicensingPorts, 'store' | 'log'>, event: string, work: (tx: StoreWriter) => void): void => {
  try {
    store.write(work);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    log(event, { code: error.failure.code });
  }
};
