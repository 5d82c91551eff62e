import { useCallback, useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { Imported, Problem } from '../../src-shared/desktop.ts';
import type { Inspection } from '../../src-shared/inspection.ts';
import { assertNever, fail } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { leasePath } from '../desktop/paths.ts';
import type { OpenedFile } from '../desktop/sent.ts';
import { useAction, useDesktop, useDesktopState } from '../desktop/use-desktop.ts';
import { useNow } from '../window/use-now.ts';
import { useWords } from '../desktop/words.ts';
import { InspectionCard } from '../document/InspectionCard.tsx';
import { ProblemNote, useProblemWords } from '../problem/ProblemNote.tsx';
import { Button, FileDrop, notify } from '../ui/index.ts';
import { useProducts } from './use-products.ts';

/** A document is at most 64 KiB; one byte more is enough for main to see that a file is too large. */
const MOST_BYTES = 64 * 1024 + 1;

type Brought = { readonly name: string; readonly bytes: Uint8Array; readonly inspection: Inspection };
type Look = { readonly name: string; readonly bytes: Uint8Array; readonly result: Result<Inspection> };
type Refused = { readonly name: string; readonly problem: Problem };

export type BringFileProps = {
  readonly opened: OpenedFile | null;
  readonly onOpenedTaken: () => void;
  /** Tells whether a file lies on the table. */
  readonly onFile: (hasFile: boolean) => void;
};

/** Takes a file by drop, by choice, or as it was opened; shows what it is; and imports it when the person says so. */
export const BringFile = ({ opened, onOpenedTaken, onFile }: BringFileProps) => {
  const t = useWords();
  const words = useProblemWords();
  const now = useNow();
  const { call } = useDesktop();
  const products = useProducts();
  const givenUp = useDesktopState((state) => state.givenUp);
  const [, navigate] = useLocation();
  const [brought, setBrought] = useState<Brought | null>(null);
  const [refused, setRefused] = useState<Refused | null>(null);
  const [isReading, setReading] = useState(opened !== null);
  /** Counts the looks that came to an end, each of which moves the focus. */
  const [looks, setLooks] = useState(0);
  const place = useRef<HTMLDivElement>(null);
  const { run: take, isPending, problem, clear } = useAction('exchange.import');

  const look = useCallback(async (name: string, bytes: Uint8Array): Promise<Look> => ({ name, bytes, result: await call('exchange.inspect', { bytes }) }), [call]);
  const settle = useCallback(({ name, bytes, result }: Look) => {
    setReading(false);
    setLooks((count) => count + 1);
    if (result.ok) setBrought({ name, bytes, inspection: result.value });
    else setRefused({ name, problem: { code: result.code, details: result.details } });
  }, []);
  const choose = async (file: File) => {
    setReading(true);
    setRefused(null);
    clear();
    const bytes = await file.slice(0, MOST_BYTES).arrayBuffer().catch(() => null);
    settle(bytes === null ? { name: file.name, bytes: new Uint8Array(), result: fail('FILE_MALFORMED', { why: 'unknown' }) } : await look(file.name, new Uint8Array(bytes)));
  };

  useEffect(() => {
    if (opened === null) return;
    let isStale = false;
    void look(opened.name, opened.bytes).then((seen) => {
      if (!isStale) settle(seen);
    });
    return () => {
      isStale = true;
    };
  }, [opened, look, settle]);

  useEffect(() => onFile(brought !== null), [brought, onFile]);
  // What the file is comes below the fold at times, and is what the person waits for.
  useEffect(() => {
    if (looks === 0) return;
    (place.current?.querySelector<HTMLElement>('.brought') ?? place.current?.querySelector('button'))?.focus({ preventScroll: true });
    place.current?.scrollIntoView({ block: 'nearest' });
  }, [looks]);

  const tell = (imported: Imported, product: string | undefined) => {
    const name = product ?? t('exchange.imported.unknownProduct');
    switch (imported.kind) {
      case 'license':
        navigate(leasePath(imported.lease));
        return imported.again
          ? notify({ tone: 'info', title: t('exchange.imported.licenseAgain'), text: t('exchange.imported.licenseAgainText') })
          : notify({ title: t('exchange.imported.license', { product: name }) });
      case 'receipt':
        return notify({ title: t('exchange.imported.receipt'), text: t('exchange.imported.receiptText', { product: name }) });
      case 'keyset':
        return notify({ title: t(imported.again ? 'exchange.imported.keysetAgain' : 'exchange.imported.keyset', { version: imported.version }) });
      case 'time':
        return notify({ title: t('exchange.imported.time'), text: t('exchange.imported.timeText') });
      default:
        return assertNever(imported);
    }
  };
  const importFile = async ({ bytes, inspection }: Brought) => {
    const result = await take({ bytes });
    if (!result.ok) return;
    onOpenedTaken();
    setBrought(null);
    tell(result.value, inspection.grant?.product.name ?? givenUp.find(({ lease }) => lease === inspection.lease)?.product.name);
  };
  const putAway = () => {
    setBrought(null);
    clear();
    onOpenedTaken();
    requestAnimationFrame(() => place.current?.querySelector('button')?.focus());
  };
  const refusal = refused === null ? undefined : words(refused.problem);
  return (
    <div ref={place} className="brought-place">
      {brought === null
        ? (
          <FileDrop
            title={t('exchange.drop.title')}
            text={t('exchange.drop.text')}
            chooseLabel={t(refused === null ? 'exchange.drop.choose' : 'exchange.drop.another')}
            accept={['.lklic', '.lkrcp', '.lkkeys']}
            busyLabel={isReading ? t('exchange.drop.reading') : undefined}
            refusal={refusal === undefined ? undefined : { title: `${refused?.name}: ${refusal.title}`, text: `${refusal.text} ${refusal.next}` }}
            onFiles={([file]) => {
              if (file !== undefined) void choose(file);
            }}
          />
        )
        : (
          <div tabIndex={-1} className="brought" role="group" aria-label={t('exchange.found.title', { name: brought.name })}>
            <InspectionCard
              inspection={brought.inspection}
              fileName={brought.name}
              now={now}
              names={{ product: products.get(brought.inspection.want?.product ?? '') }}
              actions={(
                <>
                  <Button onPress={putAway} isDisabled={isPending}>{t('exchange.found.cancel')}</Button>
                  {brought.inspection.acceptable.ok && <Button variant="primary" isPending={isPending} pendingLabel={t('exchange.found.importing')} onPress={() => void importFile(brought)}>{t('exchange.found.import')}</Button>}
                </>
              )}
            >
              {problem !== null
                ? <ProblemNote problem={problem} live="alert" />
                : brought.inspection.acceptable.ok ? undefined : <p className="lk-soft">{t('exchange.found.refused')}</p>}
            </InspectionCard>
          </div>
        )}
    </div>
  );
};
