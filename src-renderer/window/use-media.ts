import { useEffect, useState } from 'react';

/** Whether a media query holds. */
export const useMedia = (query: string): boolean => {
  const [holds, setHolds] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const listen = (): void => setHolds(media.matches);
    listen();
    media.addEventListener('change', listen);
    return () => media.removeEventListener('change', listen);
  }, [query]);
  return holds;
};

/** Whether a table beside the navigation must leave out what is second. */
export const useIsNarrow = (): boolean => useMedia('(max-width: 1020px)');
