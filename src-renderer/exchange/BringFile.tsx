import { useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { Imported } from '../../src-shared/desktop.ts';
import { documentExtensions } from '../../src-shared/inspection.ts';
import type { Inspection } from '../../src-shared/inspection.ts';
import { assertNever } from '../../src-shared/result.ts';
import { leasePath } from '../desktop/paths.ts';
import { useAction, useDesktopState } from '../desktop/use-desktop.ts';
import { useNow } from '../window/use-now.ts';
import { useWords } from '../desktop/words.ts';
import { InspectionCard } from '../document/InspectionCard.tsx';
import { WaitingFiles } from '../document/WaitingFiles.tsx';
import { ProblemNote, useProblemWords } from '../problem/ProblemNote.tsx';
import { Button, FileDrop, notify } from '../ui/index.ts';
import { bringFiles, leaveOut, nextFile, useFiles } from './files.ts';
import { useNextSteps } from './NextSteps.tsx';
import type { Wish } from './NextSteps.tsx';
import { useLook } from './use-look.ts';
import { useProducts } from './use-products.ts';

const endings = documentExtensions.map((extension) => `.${extension}`);

export type BringFileProps = {
  /** A file cannot be used, and another one is to be asked for. */
  readonly onAskAgain: (wish: Wish) => void;
};

/** Takes files by drop, by choice, or as they were opened; shows what each is, and the next step with it. */
export const BringFile = ({ onAskAgain }: BringFileProps) => {
  const t = useWords();
  const words = useProblemWords();
  const { current, waiting } = useFiles();
  const [turn, setTurn] = useState(0);
  const look = useLook(current, turn);
  const place = useRef<HTMLDivElement>(null);
  const settled = look?.key ?? null;

  // What the file is comes below the fold at times, and is what the person waits for.
  useEffect(() => {
    if (settled === null) return;
    (place.current?.querySelector<HTMLElement>('.brought') ?? place.current?.querySelector('button'))?.focus({ preventScroll: true });
    place.current?.scrollIntoView({ block: 'nearest' });
  }, [settled]);

  const putAway = () => {
    nextFile();
    if (waiting.length === 0) requestAnimationFrame(() => place.current?.querySelector('button')?.focus());
  };
  const refusal = look === null || look.result.ok ? undefined : words({ code: look.result.code, details: look.result.details });
  return (
    <div ref={place} className="brought-place lk-stack">
      {current !== null && look?.result.ok === true
        ? (
          <InHand
            key={current.key} name={current.name} bytes={look.bytes} inspection={look.result.value} isLast={waiting.length === 0} onPutAway={putAway}
            onAskAgain={onAskAgain} onLookAgain={() => setTurn((count) => count + 1)}
          />
        )
        : (
          <FileDrop
            title={t('exchange.drop.title')}
            text={t('exchange.drop.text')}
            chooseLabel={t(refusal === undefined ? 'exchange.drop.choose' : 'exchange.drop.another')}
            accept={endings}
            isMultiple
            busyLabel={current !== null && look === null ? t('exchange.drop.reading') : undefined}
            refusal={refusal === undefined ? undefined : { title: `${current?.name}: ${refusal.title}`, text: `${refusal.text} ${refusal.next}` }}
            onFiles={(files) => {
              if (current !== null) nextFile();
              bringFiles(files);
            }}
          />
        )}
      {refusal !== undefined && waiting.length > 0 && <div><Button variant="primary" onPress={nextFile}>{t('exchange.drop.next')}</Button></div>}
      <WaitingFiles files={waiting} onLeaveOut={leaveOut} />
    </div>
  );
};

type InHandProps = {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly inspection: Inspection;
  readonly isLast: boolean;
  readonly onPutAway: () => void;
  readonly onAskAgain: (wish: Wish) => void;
  readonly onLookAgain: () => void;
};

const InHand = ({ name, bytes, inspection, isLast, onPutAway, onAskAgain, onLookAgain }: InHandProps) => {
  const t = useWords();
  const now = useNow();
  const products = useProducts();
  const givenUp = useDesktopState((state) => state.givenUp);
  const leases = useDesktopState((state) => state.leases);
  const [, navigate] = useLocation();
  const { run, isPending, problem } = useAction('exchange.import');

  const tell = (imported: Imported, wasHeld: boolean): void => {
    const product = inspection.grant?.product.name ?? givenUp.find(({ lease }) => lease === inspection.lease)?.product.name ?? t('exchange.imported.unknownProduct');
    switch (imported.kind) {
      case 'license':
        // Those that wait are looked at first.
        if (isLast) navigate(leasePath(imported.lease));
        return imported.again
          ? notify({ tone: 'info', title: t('exchange.imported.licenseAgain'), text: t('exchange.imported.licenseAgainText') })
          : notify({ title: wasHeld ? t('exchange.imported.extended', { product, until: inspection.expiresAt }) : t('exchange.imported.license', { product }) });
      case 'receipt':
        return notify({ title: t('exchange.imported.receipt'), text: t('exchange.imported.receiptText', { product }) });
      case 'keyset':
        return notify({ title: t(imported.again ? 'exchange.imported.keysetAgain' : 'exchange.imported.keyset', { version: imported.version }) });
      case 'time':
        return notify({ title: t('exchange.imported.time'), text: t('exchange.imported.timeText') });
      default:
        return assertNever(imported);
    }
  };
  const take = async (): Promise<void> => {
    const wasHeld = leases.some(({ id }) => id === inspection.lease);
    const result = await run({ bytes });
    if (!result.ok) return;
    nextFile();
    tell(result.value, wasHeld);
  };
  const steps = useNextSteps({
    name, bytes, inspection, isImporting: isPending, onImport: () => void take(), onPutAway, onAskAgain, onLookAgain,
    onShowLease: () => {
      nextFile();
      if (inspection.lease !== null) navigate(leasePath(inspection.lease));
    },
  });
  const note = problem !== null
    ? <ProblemNote problem={problem} live="alert" />
    : inspection.next === 'import' || inspection.next === 'nothing' ? null : <p className="lk-soft">{t('exchange.found.refused')}</p>;
  return (
    <div tabIndex={-1} className="brought" role="group" aria-label={t('exchange.found.title', { name })}>
      <InspectionCard inspection={inspection} fileName={name} now={now} names={{ product: products.get(inspection.want?.product ?? '') }} actions={steps.actions}>
        {steps.words === undefined && note === null ? undefined : <>{steps.words}{note}</>}
      </InspectionCard>
    </div>
  );
};
