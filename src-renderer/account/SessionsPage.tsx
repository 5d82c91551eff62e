import { Globe, Monitor, SquareTerminal } from 'lucide-react';
import { useState } from 'react';
import { useAct, useQuery } from '../authority/index.ts';
import type { CallValue } from '../authority/index.ts';
import { useCommonWords, useLanguage } from '../messages/words.ts';
import { ProblemText, useProblemWords } from '../problem/ProblemNote.tsx';
import { Badge, Button, Card, ConfirmDialog, notify, PastTime } from '../ui/index.ts';
import { Loaded } from './Loaded.tsx';
import { useWords } from './words.ts';

type Session = CallValue<'security.sessions'>['sessions'][number];

/** Where the person is signed in; each of them can be ended, or all but this one. */
export const SessionsPage = () => {
  const t = useWords();
  const sessions = useQuery('security.sessions', {}, { on: ['account'] });
  const [asksOthers, setAsksOthers] = useState(false);
  return (
    <Loaded query={sessions}>
      {(value) => {
        // This one first, then the one used last.
        const rows = value.sessions.toSorted((a, b) => Number(b.current) - Number(a.current) || b.lastUsedAt - a.lastUsedAt);
        const others = rows.filter(({ current }) => !current).length;
        const remove = (id: string): void => sessions.change((old) => ({ sessions: old.sessions.filter((each) => each.id !== id) }));
        return (
          <>
            <Card title={t('sessions.title')} text={t('sessions.text')} padding="flush" className="account-head-only" actions={others > 0 && <Button onPress={() => setAsksOthers(true)}>{t('sessions.endOthers')}</Button>}>
              <ul className="account-rows">{rows.map((session) => <SessionRow key={session.id} session={session} onEnded={() => remove(session.id)} />)}</ul>
            </Card>
            {others === 0 && <p className="lk-soft lk-small">{t('sessions.onlyHere')}</p>}
            {asksOthers && (
              <EndOthers
                count={others}
                onClose={() => setAsksOthers(false)}
                onEnded={() => sessions.change((old) => ({ sessions: old.sessions.filter(({ current }) => current) }))}
              />
            )}
          </>
        );
      }}
    </Loaded>
  );
};

const AgentIcon = ({ agent }: { readonly agent: string | null }) => {
  if (agent === null || /portal|mozilla/i.test(agent)) return <Globe aria-hidden="true" />;
  return /cli|command/i.test(agent) ? <SquareTerminal aria-hidden="true" /> : <Monitor aria-hidden="true" />;
};

/** `Latchkey 0.1.0 on Edit suite 4`, as apps and command lines name themselves, in the words of the page. */
const agentName = (agent: string, t: ReturnType<typeof useWords>): string => {
  const found = /^(Latchkey \S+) on (.+)$/i.exec(agent);
  return found === null ? agent : t('sessions.onMachine', { app: found[1], machine: found[2] });
};

const SessionRow = ({ session: { id, agent, createdAt, lastUsedAt, current }, onEnded }: { readonly session: Session; readonly onEnded: () => void }) => {
  const t = useWords();
  const locale = useLanguage();
  const words = useProblemWords();
  const { run, isPending } = useAct('security.endSession');
  const name = agent === null ? t('sessions.unknown') : agentName(agent, t);
  const end = async (): Promise<void> => {
    const result = await run({ params: { session: id } });
    if (result.ok || result.code === 'NOT_FOUND') {
      onEnded();
      notify({ title: t('sessions.ended', { name }) });
      return;
    }
    const { title, next } = words(result);
    notify({ tone: 'danger', title, text: next });
  };
  return (
    <li className="account-row" aria-current={current || undefined}>
      <span className="account-row-icon"><AgentIcon agent={agent} /></span>
      <div className="account-row-words">
        <p className="account-row-title">{name} {current && <Badge tone="ok" hasDot>{t('sessions.here')}</Badge>}</p>
        <p className="lk-soft lk-small">{t('sessions.lastUsed')} <PastTime seconds={lastUsedAt} locale={locale} />, {t('sessions.since', { at: createdAt })}</p>
      </div>
      {!current && <Button size="small" isPending={isPending} pendingLabel={t('sessions.pending')} aria-label={t('sessions.endOf', { name })} onPress={() => void end()}>{t('sessions.end')}</Button>}
    </li>
  );
};

const EndOthers = ({ count, onEnded, onClose }: { readonly count: number; readonly onEnded: () => void; readonly onClose: () => void }) => {
  const t = useWords();
  const common = useCommonWords();
  const { run, isPending, problem } = useAct('security.endOtherSessions');
  const end = async (): Promise<void> => {
    const result = await run({});
    if (!result.ok) return;
    onEnded();
    notify({ title: t('sessions.endedOthers', { count: result.value.ended }) });
    onClose();
  };
  return (
    <ConfirmDialog
      isOpen onOpenChange={onClose} title={t('sessions.endOthersAsk')} confirmLabel={t('sessions.endOthers')} cancelLabel={common('actions.cancel')} onConfirm={() => void end()}
      isPending={isPending} pendingLabel={t('sessions.pending')} error={problem !== null && <ProblemText problem={problem} />}
    >
      <p>{t('sessions.endOthersText', { count })}</p>
    </ConfirmDialog>
  );
};
