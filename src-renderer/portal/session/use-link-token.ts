import { useEffect, useState } from 'react';

/**
 * The token of a link in a mail. It comes in the fragment, which reaches no server log; here it is taken out of the address,
 * so that it stays in no history either. Null where there is none.
 */
export const useLinkToken = (): string | null => {
  const [token, setToken] = useState(read);
  useEffect(() => {
    const take = (): void => {
      const found = read();
      if (found === null) return;
      setToken(found);
      history.replaceState(history.state, '', location.pathname + location.search);
    };
    take();
    addEventListener('hashchange', take);
    return () => removeEventListener('hashchange', take);
  }, []);
  return token;
};

const read = (): string | null => (location.hash.length > 1 ? decode(location.hash.slice(1)) : null);

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
