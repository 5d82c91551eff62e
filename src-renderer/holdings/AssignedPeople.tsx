import { useMemo, useState } from 'react';
import type { Holding } from '../../src-shared/http/holdings.ts';
import { namesAmong } from '../people/names.ts';
import { Button, Card, Checkbox, EmptyState, SearchField, Table } from '../ui/index.ts';
import type { TableColumn } from '../ui/index.ts';
import { AssignPeopleDialog } from './AssignPeopleDialog.tsx';
import { Pager } from './Pager.tsx';
import { UnassignDialog } from './UnassignDialog.tsx';
import { nameOf } from './facts.tsx';
import { usePages } from './paging.ts';
import { useHoldingsWords } from './words.ts';

type Person = { readonly id: string; readonly name: string; readonly email: string };
const SEARCHED_FROM = 12;

export type AssignedPeopleProps = { readonly license: Holding; readonly people: readonly Person[]; readonly mayAssign: boolean; readonly onChanged: () => void };

/** Whom a license is assigned to; assigns it to more people, and takes it back from several at once. */
export const AssignedPeople = ({ license, people, mayAssign, onChanged }: AssignedPeopleProps) => {
  const t = useHoldingsWords();
  const [search, setSearch] = useState('');
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const [dialog, setDialog] = useState<'assign' | readonly Person[] | null>(null);
  const wanted = search.trim().toLocaleLowerCase();
  const found = people.filter(({ name, email }) => `${name} ${email}`.toLocaleLowerCase().includes(wanted));
  const { offset, limit, setOffset } = usePages(found.length, 25);
  const shown = found.slice(offset, offset + limit);
  const named = useMemo(() => namesAmong(people), [people]);
  const chosen = people.filter(({ id }) => marked.has(id));
  const mark = (ids: readonly string[], isMarked: boolean): void => setMarked((old) => new Set(isMarked ? [...old, ...ids] : [...old].filter((id) => !ids.includes(id))));
  const marks = shown.filter(({ id }) => marked.has(id)).length;
  const columns: readonly (TableColumn<Person> | false)[] = [
    mayAssign && {
      id: 'select',
      width: 40,
      header: (
        <Checkbox aria-label={t('license.assigned.selectAll')} isSelected={marks > 0 && marks === shown.length} isIndeterminate={marks > 0 && marks < shown.length} onChange={(isMarked) => mark(shown.map(({ id }) => id), isMarked)}>{null}</Checkbox>
      ),
      cell: (person) => <Checkbox aria-label={t('license.assigned.selectOne', { name: named(person) })} isSelected={marked.has(person.id)} onChange={(isMarked) => mark([person.id], isMarked)}>{null}</Checkbox>,
    },
    { id: 'name', header: t('license.assigned.name'), isRowHeader: true, cell: ({ name }) => name },
    { id: 'email', header: t('license.assigned.email'), cell: ({ email }) => <span className="holdings-wrap">{email}</span> },
  ];
  return (
    <Card
      title={t('license.assigned.title')}
      text={people.length > 0 ? t(`license.assigned.text.${license.access}`) : undefined}
      padding="flush"
      actions={mayAssign && (
        <>
          {chosen.length > 0 && <Button variant="danger" onPress={() => setDialog(chosen.map((person) => ({ ...person, name: named(person) })))}>{t('license.assigned.unassign', { count: chosen.length })}</Button>}
          <Button onPress={() => setDialog('assign')}>{t('license.assigned.assign')}</Button>
        </>
      )}
    >
      {people.length === 0
        ? <EmptyState title={t('license.assigned.none.title')} text={t(`license.assigned.none.${license.access}`)} />
        : (
          <>
            {people.length >= SEARCHED_FROM && (
              <div className="holdings-inset">
                <SearchField className="holdings-search" label={t('license.assigned.search')} placeholder={t('license.assigned.search')} value={search} onChange={(next) => { setSearch(next); setOffset(0); }} />
              </div>
            )}
            <Table
              label={t('license.assigned.list')}
              columns={columns.filter((column) => column !== false)}
              rows={shown}
              rowKey={({ id }) => id}
              empty={<p className="lk-soft holdings-fine holdings-inset">{t('list.noMatch', { query: search })}</p>}
            />
            {found.length > limit && <div className="holdings-inset holdings-inset-line"><Pager list={t('license.assigned.list')} offset={offset} limit={limit} total={found.length} onChange={setOffset} /></div>}
          </>
        )}
      {dialog === 'assign' && (
        <AssignPeopleDialog license={license.license} product={nameOf(license)} assigned={new Set(people.map(({ id }) => id))} onClose={() => setDialog(null)} onDone={onChanged} />
      )}
      {dialog !== null && dialog !== 'assign' && (
        <UnassignDialog license={license.license} product={nameOf(license)} people={dialog} onClose={() => setDialog(null)} onDone={() => { setMarked(new Set()); onChanged(); }} />
      )}
    </Card>
  );
};
