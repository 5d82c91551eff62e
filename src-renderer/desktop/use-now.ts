import { useEffect, useState } from 'react';

/** The time in epoch seconds, for showing how far something is; it moves on twice a minute. */
export const useNow = (): number => {
  const [now, setNow] = useState(() => Math.floor(Date.now() / 1000));
  useEffect(() => {
    const timer = setInterval(() => setNow(Math.floor(Date.now() / 1000)), 30_000);
    return () => clearInterval(timer);
  }, []);
  return now;
};
