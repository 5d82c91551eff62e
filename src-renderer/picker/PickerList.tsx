import { SearchX } from 'lucide-react';
import { lazy, Suspense, useCallback, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { HeldLease } from '../../src-shared/desktop.ts';
import { canBeTaken, isTakenOffline } from '../../src-shared/license.ts';
import type { Entitlement, Holder } from '../../src-shared/license.ts';
import { useDesktopState } from '../desktop/use-desktop.ts';
import { useWords } from '../desktop/words.ts';
import { useLanguage } from '../messages/words.ts';
import { Button, EmptyState, SegmentedControl, VirtualList } from '../ui/index.ts';
import { ChangeDialog } from './ChangeDialog.tsx';
import { EntitlementDetails, focusDetails } from './EntitlementDetails.tsx';
import { EntitlementRow } from './EntitlementRow.tsx';
import { useAsking } from './asking.ts';
import { filterEntitlements, indexEntitlements } from './entitlement-index.ts';
import type { Shown } from './entitlement-index.ts';
import { useCheckout } from './use-checkout.ts';

/** Asked for now and then: kept out of the app's first load. */
const TakeOfflineDialog = lazy(async () => ({ default: (await import('./TakeOfflineDialog.tsx')).TakeOfflineDialog }));
const ReleaseThereDialog = lazy(async () => ({ default: (await import('./ReleaseThereDialog.tsx')).ReleaseThereDialog }));

export type PickerListProps = {
  readonly entitlements: readonly Entitlement[];
  readonly organization: string;
  readonly replaced: HeldLease | null;
};

const ROW_HEIGHT = 60;
const keyOf = ({ license }: Entitlement): string => license;

/** The list with its filter, and the license the arrows stand on beside it. */
export const PickerList = ({ entitlements, organization, replaced }: PickerListProps) => {
  const t = useWords();
  const language = useLanguage();
  const machine = useDesktopState((state) => state.machine.id);
  const leases = useDesktopState((state) => state.leases);
  const [query, setQuery] = useState('');
  const [shown, setShown] = useState<Shown>('all');
  const [active, setActive] = useState<Entitlement | null>(null);
  const [there, setThere] = useState<{ readonly entitlement: Entitlement; readonly holder: Holder } | null>(null);
  const [change, setChange] = useState<{ readonly from: HeldLease; readonly to: Entitlement } | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const pane = useRef<HTMLElement>(null);
  const [taking, setTaking] = useState<{ readonly from: HeldLease | null; readonly to: Entitlement } | null>(null);
  const isConnected = useDesktopState((state) => state.connection.state === 'online');
  const { checkout, pending, refusal, clear } = useCheckout();

  const asking = useAsking(entitlements);

  const isChange = replaced !== null;
  const heldBy = useMemo(() => new Map(leases.map((lease) => [lease.license, lease])), [leases]);
  const index = useMemo(() => indexEntitlements(entitlements, new Set(heldBy.keys()), language, isChange ? 'last' : 'first'), [entitlements, heldBy, language, isChange]);
  // Not deferred: Enter takes the first row, so the rows must be those of the letters just typed. It takes 2 ms for 10,000.
  const rows = useMemo(() => filterEntitlements(index, query, shown), [index, query, shown]);
  const free = useMemo(() => rows.reduce((sum, row) => sum + Number(canBeTaken(row)), 0), [rows]);

  const choose = useCallback((entitlement: Entitlement) => {
    if (pending !== null) return;
    const from = replaced ?? leases.find(({ product }) => product.id === entitlement.product.id) ?? null;
    if (isTakenOffline(entitlement)) setTaking({ from, to: entitlement });
    else if (from === null) void checkout(entitlement, null);
    else setChange({ from, to: entitlement });
  }, [checkout, leases, pending, replaced]);

  const isBlocked = useCallback((entitlement: Entitlement) =>
    heldBy.has(entitlement.license) || !canBeTaken(entitlement) || (isTakenOffline(entitlement) && !isConnected), [heldBy, isConnected]);
  const renderRow = useCallback((entitlement: Entitlement) => (
    <EntitlementRow entitlement={entitlement} isHeldHere={heldBy.has(entitlement.license)} isPending={entitlement.license === pending} />
  ), [heldBy, pending]);

  // Enter on a row that cannot be chosen leads to what can be done about it.
  const toPane = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing || current === null || !isBlocked(current)) return;
    if (!(event.target instanceof HTMLInputElement) && (event.target as Element).getAttribute('role') !== 'grid') return;
    event.preventDefault();
    event.stopPropagation();
    if (pane.current !== null) focusDetails(pane.current);
  };

  // The list is brought up to date below the person's hands: show the row as it is now.
  const current = active === null ? null : rows.find(({ license }) => license === active.license) ?? null;
  return (
    <div className="picker-split">
      <div ref={list} className="picker-list" onKeyDownCapture={toPane}>
        <VirtualList
          label={t('picker.list', { organization })}
          items={rows}
          itemKey={keyOf}
          rowHeight={ROW_HEIGHT}
          renderItem={renderRow}
          isBlocked={isBlocked}
          onChoose={choose}
          chosenKey={pending}
          onActiveChange={setActive}
          choosesOnDoubleClick
          search={{
            value: query,
            onChange: setQuery,
            label: t('picker.search'),
            clearLabel: t('picker.clear'),
            placeholder: t('picker.placeholder'),
            autoFocus: true,
            aside: <SegmentedControl label={t('picker.show')} value={shown} onChange={setShown} segments={[{ id: 'all', title: t('picker.all') }, { id: 'available', title: t('picker.available') }]} />,
          }}
          status={t('picker.statusAvailable', { licenses: t('picker.status', { count: rows.length }), free })}
          empty={(
            <EmptyState
              icon={<SearchX />}
              title={t('picker.noMatch.title')}
              text={query === '' ? t('picker.noMatch.textAvailable') : t('picker.noMatch.text', { query })}
              action={(
                <Button onPress={() => { setQuery(''); setShown('all'); }}>{t('picker.noMatch.showAll')}</Button>
              )}
            />
          )}
        />
      </div>
      <section ref={pane} className="picker-details" aria-label={t('details.label')} tabIndex={-1}>
        {current === null
          ? <p className="lk-soft lk-small">{t('details.nothing')}</p>
          : (
            <EntitlementDetails
              key={current.license}
              entitlement={current}
              held={heldBy.get(current.license) ?? null}
              isChange={isChange}
              isPending={pending === current.license}
              problem={taking === null && refusal !== null && refusal.license === current.license ? refusal.problem : null}
              isConnected={isConnected}
              thisMachine={machine}
              asking={asking}
              onUse={choose}
              onReleaseThere={(entitlement, holder) => setThere({ entitlement, holder })}
            />
          )}
      </section>
      {there !== null && (
        <Suspense fallback={null}>
          <ReleaseThereDialog
            {...there}
            onClose={() => setThere(null)}
            onReleased={() => {
              setThere(null);
              // The button that asked is gone; the next thing is Enter on the row, which listens in the search field.
              setTimeout(() => list.current?.querySelector('input')?.focus(), 50);
            }}
          />
        </Suspense>
      )}
      {taking !== null && (
        <Suspense fallback={null}>
          <TakeOfflineDialog
            {...taking}
            isPending={pending === taking.to.license}
            problem={refusal !== null && refusal.license === taking.to.license ? refusal.problem : null}
            onClose={() => {
              setTaking(null);
              clear();
            }}
            onConfirm={(days) => void checkout(taking.to, taking.from, days)}
          />
        </Suspense>
      )}
      {change !== null && (
        <ChangeDialog
          {...change}
          onClose={() => setChange(null)}
          onConfirm={() => {
            setChange(null);
            void checkout(change.to, change.from);
          }}
        />
      )}
    </div>
  );
};
