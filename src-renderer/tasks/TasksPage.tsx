import { Inbox, SearchX } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { Task } from '../../src-shared/http/holdings.ts';
import { may } from '../../src-shared/role.ts';
import { useOrganization, usePerson, useQuery } from '../authority/index.ts';
import { HoldingsPage } from '../holdings/HoldingsPage.tsx';
import { Pager } from '../holdings/Pager.tsx';
import { useLast, usePaging } from '../holdings/paging.ts';
import { useHoldingsWords } from '../holdings/words.ts';
import { namesAmong } from '../people/names.ts';
import { Button, Card, EmptyState, SearchField, SegmentedControl } from '../ui/index.ts';
import { TaskLine } from './TaskLine.tsx';
import './tasks.css';

type View = 'open' | 'all';

/** What people ask for: what the person can answer with one click, and what they asked themselves. */
export const TasksPage = () => {
  const t = useHoldingsWords();
  const organization = useOrganization();
  const { account } = usePerson();
  const [view, setView] = useState<View>('open');
  const paging = usePaging();
  const query = useQuery('holdings.tasks', { params: { organization: organization.id }, query: { ...paging.query, state: view } }, { on: ['entitlements', 'lease'] });
  const shown = useLast(query.value, `${organization.id} ${view}`);
  const me = account.user.id;
  const named = namesAmong(shown?.tasks.flatMap(({ from, to }) => (to === null ? [from] : [from, to])) ?? []);
  const groups = {
    yours: shown?.tasks.filter((task) => task.yours && task.state === 'open') ?? [],
    asked: shown?.tasks.filter((task) => task.from.id === me && !(task.yours && task.state === 'open')) ?? [],
    others: shown?.tasks.filter((task) => task.from.id !== me && !(task.yours && task.state === 'open')) ?? [],
  };
  const { frame, keepFocus } = useFocusKept();
  const isNone = shown !== null && shown.total === 0;
  return (
    <HoldingsPage title={t('tasks.title')} subtitle={t(may(organization.role, 'license.assign') ? 'tasks.subtitle' : 'tasks.subtitleOwn', { organization: organization.name })} query={query} isThere={shown !== null} loading={t('tasks.loading')}>
      <div className="lk-stack" ref={frame} tabIndex={-1}>
        <div className="holdings-tools">
          <SearchField className="holdings-search" label={t('tasks.search')} placeholder={t('tasks.search')} value={paging.search} onChange={paging.setSearch} />
          <SegmentedControl
            label={t('tasks.show')}
            value={view}
            onChange={(next) => { setView(next); paging.setOffset(0); }}
            segments={[{ id: 'open', title: t('tasks.views.open') }, { id: 'all', title: t('tasks.views.all') }]}
          />
        </div>
        {isNone && (
          <Card>
            {paging.query.search === ''
              ? <EmptyState icon={<Inbox />} title={t(`tasks.none.${view}.title`)} text={t(`tasks.none.${view}.text`)} />
              : <EmptyState icon={<SearchX />} title={t('list.noMatch', { query: paging.query.search })} action={<Button onPress={() => paging.setSearch('')}>{t('list.clear')}</Button>} />}
          </Card>
        )}
        {(['yours', 'asked', 'others'] as const).filter((group) => groups[group].length > 0).map((group) => (
          <Card key={group} title={t(`tasks.${group}`)} padding="flush">
            <ul className="tasks">
              {groups[group].map((task) => <TaskLine key={task.id} task={task} me={me} named={named} onAnswered={(answered) => { keepFocus(answered.id); query.change((old) => replaced(old, answered, view)); void query.refresh(); }} />)}
            </ul>
          </Card>
        ))}
        {shown !== null && <Pager list={t('tasks.title')} offset={paging.offset} limit={paging.limit} total={shown.total} onChange={paging.setOffset} />}
      </div>
    </HoldingsPage>
  );
};

/** The buttons of an answered request go, and the keyboard's place with them: it goes on at the request, else at the one that takes its place. */
const useFocusKept = () => {
  const frame = useRef<HTMLDivElement>(null);
  const place = useRef<{ readonly task: string; readonly index: number } | null>(null);
  const rows = (): readonly HTMLElement[] => [...(frame.current?.querySelectorAll<HTMLElement>('[data-task]') ?? [])];
  useEffect(() => {
    if (place.current === null) return;
    const { task, index } = place.current;
    const left = rows();
    const row = left.find(({ dataset }) => dataset['task'] === task);
    if (row?.contains(document.activeElement) && document.activeElement !== row) return;
    place.current = null;
    (row ?? left[Math.min(index, left.length - 1)] ?? frame.current)?.focus();
  });
  const keepFocus = (task: string): void => {
    const index = rows().findIndex(({ dataset }) => dataset['task'] === task);
    if (index >= 0) place.current = { task, index };
  };
  return { frame, keepFocus };
};

const replaced = <V extends { readonly total: number; readonly tasks: readonly Task[] }>(old: V, answered: Task, view: View): V =>
  view === 'open'
    ? { ...old, total: old.total - 1, tasks: old.tasks.filter(({ id }) => id !== answered.id) }
    : { ...old, tasks: old.tasks.map((task) => (task.id === answered.id ? answered : task)) };
