import { useState } from 'react';
import type { Problem } from '../../src-shared/desktop.ts';
import { useCall, useOrganization, useQuery } from '../authority/index.ts';
import { useCommonWords } from '../messages/words.ts';
import { ProblemNote } from '../problem/ProblemNote.tsx';
import { Button, Checkbox, Dialog, SearchField, Skeleton, notify } from '../ui/index.ts';
import { useLast, usePaging } from './paging.ts';
import { useHoldingsWords } from './words.ts';

export type AssignPeopleDialogProps = {
  readonly license: string;
  readonly product: string;
  readonly assigned: ReadonlySet<string>;
  readonly onClose: () => void;
  readonly onDone: () => void;
};

/** Assigns one license to several people. What one search chose stays chosen through the next. */
export const AssignPeopleDialog = ({ license, product, assigned, onClose, onDone }: AssignPeopleDialogProps) => {
  const t = useHoldingsWords();
  const common = useCommonWords();
  const organization = useOrganization();
  const call = useCall();
  const paging = usePaging(100);
  const query = useQuery('people.list', { params: { organization: organization.id }, query: paging.query });
  const people = useLast(query.value, organization.id);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [isPending, setPending] = useState(false);
  const [failed, setFailed] = useState<{ readonly count: number; readonly problem: Problem } | null>(null);

  const flip = (person: string): void => setChosen((old) => {
    const next = new Set(old);
    if (!next.delete(person)) next.add(person);
    return next;
  });
  const save = async (): Promise<void> => {
    setPending(true);
    setFailed(null);
    const left = new Set(chosen);
    let problem: Problem | null = null;
    for (const person of chosen) {
      const result = await call('holdings.assign', { params: { organization: organization.id }, body: { person, licenses: [license] } });
      if (result.ok) left.delete(person);
      else problem = { code: result.code, details: result.details };
    }
    setPending(false);
    const done = chosen.size - left.size;
    if (done > 0) onDone();
    setChosen(left);
    if (problem !== null) return setFailed({ count: left.size, problem });
    onClose();
    notify({ title: t('assignPeople.done', { count: done, product }) });
  };

  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title={t('assignPeople.title', { product })}
      isBusy={isPending}
      actions={(
        <>
          <Button onPress={onClose} isDisabled={isPending}>{common('actions.cancel')}</Button>
          <Button variant="primary" isDisabled={chosen.size === 0} isPending={isPending} pendingLabel={t('assignPeople.pending')} onPress={() => void save()}>
            {chosen.size === 0 ? t('assignPeople.choose') : t('assignPeople.action', { count: chosen.size })}
          </Button>
        </>
      )}
    >
      <div className="lk-stack">
        {failed !== null && <ProblemNote problem={failed.problem} live="alert"><p>{t('assignPeople.failed', { count: failed.count })}</p></ProblemNote>}
        {query.problem !== null && <ProblemNote problem={query.problem} live="status" action={<Button size="small" onPress={() => void query.refresh()}>{common('actions.retry')}</Button>} />}
        <SearchField label={t('assignPeople.search')} placeholder={t('assignPeople.search')} value={paging.search} onChange={paging.setSearch} autoFocus />
        {people === null && query.problem === null && <div role="status"><span className="lk-hidden-text">{t('assignPeople.loading')}</span><Skeleton height={180} /></div>}
        {people !== null && people.people.length === 0 && <p className="lk-soft holdings-fine">{t('list.noMatch', { query: paging.query.search })}</p>}
        {people !== null && people.people.length > 0 && (
          <ul className="holdings-checks" aria-label={t('assignPeople.list')}>
            {people.people.map(({ id, name, email, role }) => (
              <li key={id}>
                <Checkbox
                  isSelected={assigned.has(id) || chosen.has(id)}
                  isDisabled={assigned.has(id) || isPending}
                  onChange={() => flip(id)}
                  text={assigned.has(id) ? `${email} · ${t('assignPeople.already')}` : `${email} · ${common(`role.${role}`)}`}
                >
                  {name}
                </Checkbox>
              </li>
            ))}
          </ul>
        )}
        {people !== null && people.total > people.people.length && <p className="lk-soft lk-small">{t('list.more', { count: people.total - people.people.length })}</p>}
      </div>
    </Dialog>
  );
};
