import { useEffect, useState } from 'react';
import type { Seconds } from '../../src-shared/time.ts';

const NARROW = '(max-width: 1020px)';

const read = (): Seconds => Math.floor(Date.now() / 1000);

/** The browser's time, looked at again every half minute. */
export const useNow = (): Seconds => {
  const [now, setNow] = useState(read);
  useEffect(() => {
    const timer = setInterval(() => setNow(read()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return now;
};

/** Whether the window has no room for a table of leases beside the navigation. */
export const useIsNarrow = (): boolean => {
  const [isNarrow, setNarrow] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const media = matchMedia(NARROW);
    const listen = (): void => setNarrow(media.matches);
    media.addEventListener('change', listen);
    return () => media.removeEventListener('change', listen);
  }, []);
  return isNarrow;
};
