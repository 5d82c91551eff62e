import { useEffect, useState } from 'react';
import type { Inspection } from '../../src-shared/inspection.ts';
import { fail } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { useDesktop, useDesktopState } from '../desktop/use-desktop.ts';
import { readFile } from './files.ts';
import type { BroughtFile } from './files.ts';

export type Look = { readonly key: number; readonly bytes: Uint8Array; readonly result: Result<Inspection> };

/** What main says of the file in hand; asked again when what it depends on has changed, or at another `turn`. Null while the first answer is awaited. */
export const useLook = (file: BroughtFile | null, turn: number): Look | null => {
  const { call } = useDesktop();
  const [look, setLook] = useState<Look | null>(null);
  const clock = useDesktopState((state) => state.clock);
  const requests = useDesktopState((state) => state.requests);
  const leases = useDesktopState((state) => state.leases);
  const authority = useDesktopState((state) => state.connection.authority);
  useEffect(() => {
    if (file === null) return;
    let isStale = false;
    const ask = async (): Promise<void> => {
      const bytes = await readFile(file);
      const result = bytes === null ? fail('FILE_MALFORMED', { why: 'unknown' }) : await call('exchange.inspect', { bytes });
      if (!isStale) setLook({ key: file.key, bytes: bytes ?? new Uint8Array(), result });
    };
    void ask();
    return () => {
      isStale = true;
    };
  }, [call, file, clock, requests, leases, authority, turn]);
  return look?.key === file?.key ? look : null;
};
