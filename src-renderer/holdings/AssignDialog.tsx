import { useMemo, useState } from 'react';
import type { Problem } from '../../src-shared/desktop.ts';
import type { Holding } from '../../src-shared/http/holdings.ts';
import { useAct, useOrganization, useQuery } from '../authority/index.ts';
import { useCommonWords, useLanguage } from '../messages/words.ts';
import { ProblemNote } from '../problem/ProblemNote.tsx';
import { Banner, Button, Checkbox, Dialog, SearchField, Skeleton, notify } from '../ui/index.ts';
import { OfflineFacts, OfflineWayOut } from './OfflineWayOut.tsx';
import { nameOf, validityOf } from './facts.tsx';
import { offlineLeases } from './offline.ts';
import { useAllHoldings } from './use-all.ts';
import { useHoldingsWords } from './words.ts';
import './holdings.css';

const SHOWN = 100;

export type AssignDialogProps = {
  /** A member of the organization shown. */
  readonly person: { readonly id: string; readonly name: string };
  readonly onClose: () => void;
  /** Something was assigned or taken back. */
  readonly onDone?: () => void;
};

/** The licenses assigned to a person: several are given and taken back at once. */
export const AssignDialog = ({ person, onClose, onDone }: AssignDialogProps) => {
  const t = useHoldingsWords();
  const common = useCommonWords();
  const language = useLanguage();
  const organization = useOrganization();
  const all = useAllHoldings(organization.id);
  const held = useQuery('holdings.assignments', { params: { organization: organization.id, person: person.id } });
  const assign = useAct('holdings.assign');
  const unassign = useAct('holdings.unassign');
  const [search, setSearch] = useState('');
  /** What is to become different. */
  const [flipped, setFlipped] = useState<ReadonlySet<string>>(new Set());

  const assigned = useMemo(() => new Set(held.value?.licenses), [held.value]);
  const ordered = useMemo(() => {
    const collator = new Intl.Collator(language, { numeric: true, sensitivity: 'base' });
    return all.licenses?.toSorted((a, b) => Number(assigned.has(b.license)) - Number(assigned.has(a.license)) || collator.compare(nameOf(a), nameOf(b))) ?? null;
  }, [all.licenses, assigned, language]);
  const words = search.trim().toLocaleLowerCase(language).split(/\s+/);
  const rows = ordered?.filter((license) => {
    const text = [nameOf(license), ...license.features].join(' ').toLocaleLowerCase(language);
    return words.every((word) => text.includes(word));
  }) ?? [];
  const given = [...flipped].filter((license) => !assigned.has(license));
  const taken = [...flipped].filter((license) => assigned.has(license));
  const isPending = assign.isPending || unassign.isPending;
  const isThere = ordered !== null && held.value !== null;
  const loadProblem = all.problem ?? held.problem;
  const refused = unassign.problem ?? assign.problem;

  const flip = (license: string): void => {
    unassign.clear();
    assign.clear();
    setFlipped((old) => {
      const next = new Set(old);
      if (!next.delete(license)) next.add(license);
      return next;
    });
  };

  // First what may be refused, so that one correction leads to the whole result.
  const save = async (): Promise<void> => {
    const params = { organization: organization.id };
    let ended = 0;
    if (taken.length > 0) {
      const result = await unassign.run({ params, body: { person: person.id, licenses: taken } });
      if (!result.ok) return;
      ended = result.value.ended.length;
      setFlipped(new Set(given));
    }
    if (given.length > 0) {
      const result = await assign.run({ params, body: { person: person.id, licenses: given } });
      if (!result.ok) {
        await held.refresh();
        return onDone?.();
      }
    }
    onDone?.();
    onClose();
    notify({ title: t('assign.done', { name: person.name }), ...(ended > 0 ? { text: t('assign.ended', { count: ended }) } : {}) });
  };

  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title={t('assign.title', { name: person.name })}
      isBusy={isPending}
      actions={(
        <>
          <span className="lk-small lk-soft holdings-sum" role="status">
            {flipped.size === 0 ? t('assign.will.nothing') : [
              ...(given.length > 0 ? [t('assign.will.assign', { count: given.length })] : []),
              ...(taken.length > 0 ? [t('assign.will.unassign', { count: taken.length })] : []),
            ].join(' · ')}
          </span>
          <Button onPress={onClose} isDisabled={isPending}>{common('actions.cancel')}</Button>
          <Button variant="primary" isDisabled={flipped.size === 0} isPending={isPending} pendingLabel={t('assign.pending')} onPress={() => void save()}>{t('assign.action')}</Button>
        </>
      )}
    >
      <div className="lk-stack">
        <p>{t('assign.text', { name: person.name })}</p>
        {refused !== null && <Refusal problem={refused} licenses={all.licenses ?? []} onKeep={(kept) => setFlipped((old) => new Set([...old].filter((license) => !kept.includes(license))))} clear={unassign.clear} />}
        {loadProblem !== null && !isThere && (
          <ProblemNote problem={loadProblem} live="status" action={<Button size="small" onPress={() => { if (all.problem !== null) all.again(); if (held.problem !== null) void held.refresh(); }}>{common('actions.retry')}</Button>} />
        )}
        {!isThere && loadProblem === null && <div role="status"><span className="lk-hidden-text">{t('assign.loading')}</span><Skeleton height={180} /></div>}
        {isThere && ordered.length === 0 && <p className="lk-soft">{t('assign.none')}</p>}
        {isThere && ordered.length > 0 && (
          <>
            <SearchField label={t('assign.search')} placeholder={t('assign.search')} value={search} onChange={setSearch} autoFocus />
            {rows.length === 0
              ? <p className="lk-soft holdings-fine">{t('list.noMatch', { query: search })}</p>
              : (
                <ul className="holdings-checks" aria-label={t('assign.list')}>
                  {rows.slice(0, SHOWN).map((license) => (
                    <li key={license.license}>
                      <Checkbox
                        isSelected={assigned.has(license.license) !== flipped.has(license.license)}
                        onChange={() => flip(license.license)}
                        isDisabled={isPending}
                        text={<LicenseLine license={license} isAssigned={assigned.has(license.license)} />}
                      >
                        {nameOf(license)}
                      </Checkbox>
                    </li>
                  ))}
                </ul>
              )}
            {rows.length > SHOWN && <p className="lk-soft lk-small">{t('list.more', { count: rows.length - SHOWN })}</p>}
            {taken.length > 0 && <p className="lk-soft lk-small">{t('assign.endsOnline')}</p>}
          </>
        )}
      </div>
    </Dialog>
  );
};

const LicenseLine = ({ license, isAssigned }: { readonly license: Holding; readonly isAssigned: boolean }) => {
  const t = useHoldingsWords();
  const common = useCommonWords();
  return [
    ...(isAssigned ? [t('assign.now')] : []),
    common('seats.freeOf', license.seats),
    license.status === 'active' ? validityOf(license, t) : t(`status.${license.status}`),
    ...license.features.slice(0, 2),
  ].join(' · ');
};

type RefusalProps = { readonly problem: Problem; readonly licenses: readonly Holding[]; readonly onKeep: (licenses: readonly string[]) => void; readonly clear: () => void };

const Refusal = ({ problem, licenses, onKeep, clear }: RefusalProps) => {
  const t = useHoldingsWords();
  if (problem.code !== 'LEASE_OFFLINE') return <ProblemNote problem={problem} live="alert" />;
  const leases = offlineLeases(problem.details);
  const kept = leases.flatMap(({ license }) => license ?? []);
  const productOf = (id: string | null): string => {
    const license = licenses.find((each) => each.license === id);
    return license === undefined ? t('offline.theLicense') : nameOf(license);
  };
  return (
    <Banner tone="warn" live="alert" title={t('offline.title')}>
      <div className="holdings-refusal">
        <div><OfflineFacts details={problem.details} productOf={productOf} /></div>
        <OfflineWayOut until={Math.max(...leases.map(({ until }) => until))} isUnassigning />
        {kept.length > 0 && <Button size="small" onPress={() => { onKeep(kept); clear(); }}>{t('assign.keep')}</Button>}
      </div>
    </Banner>
  );
};
