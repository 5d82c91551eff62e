import { useEffect, useState } from 'react';
import type { Seconds } from '../../src-shared/time.ts';

const read = (): Seconds => Math.floor(Date.now() / 1000);

/** The time in epoch seconds, for showing how far something is; looked at again every half minute. */
export const useNow = (): Seconds => {
  const [now, setNow] = useState(read);
  useEffect(() => {
    const timer = setInterval(() => setNow(read()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return now;
};
