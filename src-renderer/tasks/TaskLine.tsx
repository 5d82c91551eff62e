import { useState } from 'react';
import type { Task } from '../../src-shared/http/holdings.ts';
import { useAct, useOrganization } from '../authority/index.ts';
import { OfflineFacts, OfflineWayOut } from '../holdings/OfflineWayOut.tsx';
import { useHoldingsWords } from '../holdings/words.ts';
import type { HoldingsWords } from '../holdings/words.ts';
import { useCommonWords, useLanguage } from '../messages/words.ts';
import type { Named } from '../people/names.ts';
import { ProblemNote } from '../problem/ProblemNote.tsx';
import { Badge, Banner, Button, ConfirmDialog, PastTime, notify } from '../ui/index.ts';
import type { Tone } from '../ui/index.ts';

const tones: { readonly [S in Task['state']]: Tone } = { open: 'info', granted: 'ok', declined: 'neutral', withdrawn: 'neutral' };

const productOf = ({ productName, edition }: Task): string => (edition === null ? productName : `${productName} ${edition}`);

const sentence = (task: Task, { me, named, t }: Pick<TaskLineProps, 'me' | 'named'> & { readonly t: HoldingsWords }): string => {
  const values = { from: named(task.from), to: task.to === null ? t('tasks.someone') : named(task.to), product: productOf(task), machine: task.machine?.name };
  const isMine = task.from.id === me;
  if (task.kind === 'assignment') return t(isMine ? 'tasks.assignmentYours' : 'tasks.assignment', values);
  if (task.machine !== null) return t(isMine ? 'tasks.releaseYoursOn' : task.to?.id === me ? 'tasks.releaseOn' : 'tasks.releaseOtherOn', values);
  return t(isMine ? 'tasks.releaseYours' : task.to?.id === me ? 'tasks.release' : 'tasks.releaseOther', values);
};

/** `named`: what the people of the list are called. */
export type TaskLineProps = { readonly task: Task; readonly me: string; readonly named: (person: Named) => string; readonly onAnswered: (task: Task) => void };

/** One request, with the click that answers it where the person may. */
export const TaskLine = ({ task, me, named, onAnswered }: TaskLineProps) => {
  const t = useHoldingsWords();
  const language = useLanguage();
  const organization = useOrganization();
  const { run, isPending, problem, clear } = useAct('holdings.answer');
  const common = useCommonWords();
  const [grants, setGrants] = useState(true);
  const [isAsking, setAsking] = useState(false);
  const values = { from: named(task.from), product: productOf(task), machine: task.machine?.name ?? t('tasks.theMachine') };
  const answer = async (grant: boolean): Promise<void> => {
    setGrants(grant);
    const result = await run({ params: { organization: organization.id, task: task.id }, body: { grant } });
    setAsking(false);
    if (!result.ok) return;
    onAnswered(result.value);
    notify(grant ? { title: t(`tasks.granted.${task.kind}`, values) } : { tone: 'info', title: t('tasks.declined', values) });
  };
  return (
    <li className="task" data-task={task.id} tabIndex={-1}>
      <div className="task-main">
        <div className="task-words">
          <p className="task-title">{sentence(task, { me, named, t })}</p>
          {task.note !== '' && <blockquote className="task-note">{task.note}</blockquote>}
          <p className="lk-soft lk-small">
            {task.from.id !== me && <>{task.from.email} · </>}<PastTime seconds={task.createdAt} locale={language} />
          </p>
        </div>
        {task.state === 'open' && task.yours
          ? (
            <div className="lk-row task-answer">
              <Button aria-label={t('tasks.declineOf', values)} isDisabled={isPending && grants} isPending={isPending && !grants} pendingLabel={t('tasks.granting')} onPress={() => void answer(false)}>{t('tasks.decline')}</Button>
              <Button variant="primary" aria-label={t(`tasks.grantOf.${task.kind}`, values)} isDisabled={isPending && !grants} isPending={isPending && grants} pendingLabel={t('tasks.granting')} onPress={() => (task.kind === 'release' ? setAsking(true) : void answer(true))}>{t(`tasks.grant.${task.kind}`)}</Button>
            </div>
          )
          : (
            <span className="holdings-lines task-state">
              <span><Badge tone={tones[task.state]} hasDot>{t(`tasks.state.${task.state}`)}</Badge></span>
              {task.answeredBy !== null && task.answeredAt !== null && <span className="lk-soft lk-small">{task.answeredBy} · <PastTime seconds={task.answeredAt} locale={language} /></span>}
            </span>
          )}
      </div>
      {isAsking && (
        <ConfirmDialog
          isOpen
          onOpenChange={() => setAsking(false)}
          title={t('tasks.confirm.title', values)}
          confirmLabel={t('tasks.grant.release')}
          cancelLabel={common('actions.cancel')}
          isDanger
          isPending={isPending}
          pendingLabel={t('tasks.granting')}
          onConfirm={() => void answer(true)}
        >
          <p>{t('tasks.confirm.text', values)}</p>
        </ConfirmDialog>
      )}
      {problem !== null && (problem.code === 'LEASE_OFFLINE'
        ? (
          <Banner tone="warn" live="alert" title={t('offline.title')}>
            <OfflineFacts details={problem.details} productOf={() => values.product} />
            <OfflineWayOut until={Number(problem.details['until'] ?? 0)} />
          </Banner>
        )
        : problem.code === 'CONFLICT'
          ? <Banner tone="info" live="alert" title={t('tasks.notOpen')} />
          : <ProblemNote problem={problem} live="alert" action={<Button size="small" onPress={() => { clear(); void answer(grants); }}>{t(grants ? `tasks.grant.${task.kind}` : 'tasks.decline')}</Button>} />)}
    </li>
  );
};
