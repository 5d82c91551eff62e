import { useEffect, useState } from 'react';

const PAGE = 50;
/** A search is sent when the typing rests. */
const REST_MS = 200;

export type Paging = {
  readonly offset: number;
  readonly limit: number;
  readonly search: string;
  readonly setSearch: (search: string) => void;
  readonly setOffset: (offset: number) => void;
  /** As the authority is asked. */
  readonly query: { readonly offset: number; readonly limit: number; readonly search: string };
};

/** Where one is in a long list that the authority gives page by page. Another search begins at its first page. */
export const usePaging = (limit = PAGE): Paging => {
  const [search, setSearch] = useState('');
  const [at, setAt] = useState({ offset: 0, search: '' });
  useEffect(() => {
    const wanted = search.trim();
    if (wanted === at.search) return;
    const timer = setTimeout(() => setAt({ offset: 0, search: wanted }), REST_MS);
    return () => clearTimeout(timer);
  }, [search, at.search]);
  return {
    offset: at.offset,
    limit,
    search,
    setSearch,
    setOffset: (offset) => setAt((old) => ({ ...old, offset })),
    query: { offset: at.offset, limit, search: at.search },
  };
};

/** Part of a list that is here whole. */
export const usePages = (total: number, limit = PAGE): { readonly offset: number; readonly limit: number; readonly setOffset: (offset: number) => void } => {
  const [wanted, setOffset] = useState(0);
  const last = Math.max(0, Math.ceil(total / limit) - 1) * limit;
  return { offset: Math.min(wanted, last), limit, setOffset };
};

/** The last value there was, while the next one is under way. Another `subject` begins anew. */
export const useLast = <T>(value: T | null, subject: string): T | null => {
  const [last, setLast] = useState<{ readonly value: T; readonly subject: string } | null>(null);
  if (value !== null && (last === null || last.value !== value || last.subject !== subject)) setLast({ value, subject });
  return value ?? (last?.subject === subject ? last.value : null);
};
