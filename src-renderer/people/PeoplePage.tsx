import { Ellipsis, KeyRound, SearchX, UserMinus, Users } from 'lucide-react';
import { useState } from 'react';
import type { PersonRow } from '../../src-shared/http/people.ts';
import { may, roles, rolesGivenBy } from '../../src-shared/role.ts';
import type { Role } from '../../src-shared/role.ts';
import { useCall, useOrganization, usePerson, useQuery } from '../authority/index.ts';
import { AssignDialog } from '../holdings/AssignDialog.tsx';
import { Pager } from '../holdings/Pager.tsx';
import { useLast, usePaging } from '../holdings/paging.ts';
import { useIsNarrow } from '../window/use-media.ts';
import { useHoldingsWords } from '../holdings/words.ts';
import { useCommonWords, useLanguage } from '../messages/words.ts';
import { Badge, Button, Card, Checkbox, ConfirmDialog, EmptyState, IconButton, Menu, MenuItem, MenuTrigger, notify, SearchField, Select, Table, Time } from '../ui/index.ts';
import type { TableColumn } from '../ui/index.ts';
import { PeopleFrame } from './PeopleFrame.tsx';
import { RemoveDialog } from './RemoveDialog.tsx';
import { RoleTag } from './RoleTag.tsx';
import { namesAmong } from './names.ts';
import { usePeopleWords, useRefusal } from './words.ts';

const sorts = ['name', 'email', 'role', 'joined'] as const;
type Sort = (typeof sorts)[number];
type Selected = Pick<PersonRow, 'id' | 'name' | 'email'>;

/** The members of the organization: who they are, what their role is, and the way to change or end it. */
export const PeoplePage = () => {
  const t = usePeopleWords();
  const holdings = useHoldingsWords();
  const common = useCommonWords();
  const locale = useLanguage();
  const organization = useOrganization();
  const isNarrow = useIsNarrow();
  const paging = usePaging();
  const [role, setRole] = useState<Role | 'all'>('all');
  const [sort, setSort] = useState<Sort>('name');
  const [selected, setSelected] = useState<ReadonlyMap<string, Selected>>(new Map());
  const [removing, setRemoving] = useState<readonly Selected[] | null>(null);
  const [assigning, setAssigning] = useState<PersonRow | null>(null);
  const query = useQuery('people.list', {
    params: { organization: organization.id }, query: { ...paging.query, sort, ...(role === 'all' ? {} : { role }) },
  }, { on: ['account', 'entitlements'] });
  const list = useLast(query.value, organization.id);
  const { change, asking } = useRoleChange(query);

  const given = rolesGivenBy(organization.role);
  const mayRemove = may(organization.role, 'people.remove');
  const mayAssign = may(organization.role, 'license.assign');
  // Whoever wants to go themselves leaves the organization, which is asked elsewhere.
  const canRemove = (person: PersonRow): boolean => mayRemove && !person.you && given.includes(person.role);
  const named = namesAmong([...selected.values(), ...(list?.people ?? [])]);
  const removable = list?.people.filter(canRemove) ?? [];
  const isAllSelected = removable.length > 0 && removable.every(({ id }) => selected.has(id));
  const select = (people: readonly PersonRow[], isSelected: boolean) => setSelected((old) => {
    const next = new Map(old);
    for (const { id, name, email } of people) {
      if (isSelected) next.set(id, { id, name, email });
      else next.delete(id);
    }
    return next;
  });
  const search = (next: string) => {
    paging.setSearch(next);
  };

  const columns: readonly TableColumn<PersonRow>[] = [
    ...(mayRemove ? [{
      id: 'select',
      width: 36,
      header: <Checkbox aria-label={t('selectAll')} isSelected={isAllSelected} isIndeterminate={!isAllSelected && removable.some(({ id }) => selected.has(id))} isDisabled={removable.length === 0} onChange={(next) => select(removable, next)}>{null}</Checkbox>,
      cell: (person: PersonRow) => canRemove(person) && <Checkbox aria-label={t('selectOne', { name: named(person) })} isSelected={selected.has(person.id)} onChange={(next) => select([person], next)}>{null}</Checkbox>,
    }] : []),
    {
      id: 'name',
      header: t('name'),
      isRowHeader: true,
      cell: (person) => (
        <>
          <span className="person-name">{person.name}{person.you && <Badge tone="info">{t('you')}</Badge>}</span>
          {isNarrow && <span className="person-email lk-small lk-soft">{person.email}</span>}
        </>
      ),
    },
    ...(isNarrow ? [] : [{ id: 'email', header: t('email'), cell: ({ email }: PersonRow) => <span className="lk-soft">{email}</span> }]),
    {
      id: 'role',
      header: t('role'),
      cell: (person) => <RoleTag role={person.role} label={t('changeRole', { name: named(person), role: common(`role.${person.role}`) })} onChange={(next) => void change(person, next)} />,
    },
    { id: 'status', header: t('status'), cell: (person) => <Status person={person} /> },
    ...(isNarrow ? [] : [{ id: 'joined', header: t('joined'), cell: ({ joinedAt }: PersonRow) => <Time seconds={joinedAt} locale={locale} format="date" /> }]),
    ...(mayRemove || mayAssign ? [{
      id: 'actions',
      header: t('actions'),
      isHeaderHidden: true,
      align: 'end' as const,
      cell: (person: PersonRow) => (mayAssign || canRemove(person)) && (
        <MenuTrigger>
          <IconButton size="small" label={t('more', { name: named(person) })} icon={<Ellipsis aria-hidden="true" />} hasTooltip={false} />
          <Menu aria-label={t('more', { name: named(person) })} placement="bottom end">
            {mayAssign && <MenuItem icon={<KeyRound aria-hidden="true" />} onAction={() => setAssigning(person)}>{holdings('assign.open')}</MenuItem>}
            {canRemove(person) && <MenuItem icon={<UserMinus aria-hidden="true" />} isDanger textValue={t('removeOf', { name: named(person) })} onAction={() => setRemoving([person])}>{t('remove')}</MenuItem>}
          </Menu>
        </MenuTrigger>
      ),
    }] : []),
  ];

  return (
    <PeopleFrame view="people" query={query} isThere={list !== null} loading={t('loading')}>
      {list !== null && (
        <div className="lk-stack">
          <div className="people-tools">
            <SearchField label={t('search')} placeholder={t('search')} value={paging.search} onChange={search} className="people-search" />
            <Select
              label={t('roleFilter')}
              isLabelHidden
              value={role}
              onChange={(next) => {
                setRole(next);
                paging.setOffset(0);
              }}
              options={[{ id: 'all', label: t('allRoles') }, ...roles.map((each) => ({ id: each, label: common(`role.${each}`) }))]}
            />
            <Select
              label={t('sortBy')}
              isLabelHidden
              value={sort}
              onChange={(next) => {
                setSort(next);
                paging.setOffset(0);
              }}
              options={sorts.map((each) => ({ id: each, label: t(`sorts.${each}`) }))}
            />
          </div>
          {selected.size > 0 && (
            <div className="people-selection" role="group" aria-label={t('selected', { count: selected.size })}>
              <strong role="status">{t('selected', { count: selected.size })}</strong>
              <Button size="small" variant="danger" icon={<UserMinus aria-hidden="true" />} onPress={() => setRemoving([...selected.values()])}>{t('remove')}</Button>
              <Button size="small" variant="quiet" onPress={() => setSelected(new Map())}>{t('clearSelection')}</Button>
            </div>
          )}
          <Card padding="flush">
            <Table
              label={t('title')}
              columns={columns}
              rows={list.people}
              rowKey={({ id }) => id}
              empty={<EmptyState icon={<SearchX />} title={paging.query.search === '' ? t('noMatchRole') : t('noMatch', { query: paging.query.search })} action={<Button onPress={() => {
                search('');
                setRole('all');
              }}>{t('clear')}</Button>} />}
            />
          </Card>
          <Pager list={t('title')} offset={paging.offset} limit={paging.limit} total={list.total} onChange={paging.setOffset} />
          <p role="status" className="lk-hidden-text">{t('count', { count: list.total })}</p>
          {list.total === 1 && role === 'all' && paging.query.search === '' && <EmptyState icon={<Users />} title={t('only.title')} text={t('only.text', { organization: organization.name })} />}
        </div>
      )}
      {asking}
      {assigning !== null && <AssignDialog person={{ id: assigning.id, name: named(assigning) }} onClose={() => setAssigning(null)} onDone={() => void query.refresh()} />}
      {removing !== null && (
        <RemoveDialog
          people={removing.map((person) => ({ id: person.id, name: named(person) }))}
          onClose={() => setRemoving(null)}
          onRemoved={() => {
            setSelected((old) => new Map([...old].filter(([id]) => !removing.some((each) => each.id === id))));
            void query.refresh();
          }}
        />
      )}
    </PeopleFrame>
  );
};

const Status = ({ person }: { readonly person: PersonRow }) => {
  const t = usePeopleWords();
  return (
    <span className="person-status">
      <span className="lk-row"><Badge tone="ok" hasDot>{t('active')}</Badge>{person.secondFactor !== null && <Badge tone={person.secondFactor ? 'ok' : 'neutral'}>{t(person.secondFactor ? 'secondFactor' : 'noSecondFactor')}</Badge>}</span>
      {person.leases > 0 && <span className="lk-small lk-soft">{t('leases', { count: person.leases })}</span>}
    </span>
  );
};

type PeopleQuery = { readonly change: (next: (value: { total: number; people: PersonRow[] }) => { total: number; people: PersonRow[] }) => void };

/** Changes a role at once on the page, takes it back when the authority refuses, and offers to undo it. One's own is asked about first. */
const useRoleChange = (query: PeopleQuery) => {
  const t = usePeopleWords();
  const common = useCommonWords();
  const call = useCall();
  const organization = useOrganization();
  const { refresh } = usePerson();
  const tell = useRefusal();
  const [own, setOwn] = useState<{ readonly person: PersonRow; readonly role: Role } | null>(null);
  const [isPending, setPending] = useState(false);

  const show = (id: string, role: Role) => query.change((value) => ({ ...value, people: value.people.map((each) => (each.id === id ? { ...each, role } : each)) }));
  const give = async (person: PersonRow, role: Role): Promise<boolean> => {
    show(person.id, role);
    const result = await call('people.changeRole', { params: { organization: organization.id, person: person.id }, body: { role } });
    if (!result.ok) {
      show(person.id, person.role);
      tell({ code: result.code, details: result.details });
    }
    return result.ok;
  };
  const change = async (person: PersonRow, role: Role) => {
    if (person.you) return setOwn({ person, role });
    if (!(await give(person, role))) return;
    notify({
      title: t('roleChanged', { name: person.name, role: common(`role.${role}`) }),
      action: { label: t('undo'), onPress: () => void give({ ...person, role }, person.role) },
    });
  };
  const changeOwn = async () => {
    if (own === null) return;
    setPending(true);
    if (await give(own.person, own.role)) await refresh();
    setPending(false);
    setOwn(null);
  };
  const asking = own !== null && (
    <ConfirmDialog
      isOpen
      onOpenChange={() => setOwn(null)}
      title={t('selfTitle')}
      confirmLabel={t('selfAction')}
      cancelLabel={common('actions.cancel')}
      isDanger
      isPending={isPending}
      onConfirm={() => void changeOwn()}
    >
      <p>{t('selfText', { role: common(`role.${own.role}`) })}</p>
    </ConfirmDialog>
  );
  return { change, asking };
};
