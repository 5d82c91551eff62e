import { useState } from 'react';
import type { Problem } from '../../src-shared/desktop.ts';
import { useCall, useOrganization } from '../authority/index.ts';
import { useCommonWords } from '../messages/words.ts';
import { useProblemWords } from '../problem/ProblemNote.tsx';
import { Banner, Button, ConfirmDialog, Dialog, notify } from '../ui/index.ts';
import { OfflineWayOut } from './OfflineWayOut.tsx';
import { offlineLeases } from './offline.ts';
import { useHoldingsWords } from './words.ts';

type Person = { readonly id: string; readonly name: string };
type Refused = { readonly person: Person; readonly problem: Problem };

export type UnassignDialogProps = {
  readonly license: string;
  readonly product: string;
  readonly people: readonly Person[];
  readonly onClose: () => void;
  readonly onDone: () => void;
};

/** Takes one license back from several people; whoever holds it in offline mode keeps it, and it says until when. */
export const UnassignDialog = ({ license, product, people, onClose, onDone }: UnassignDialogProps) => {
  const t = useHoldingsWords();
  const common = useCommonWords();
  const say = useProblemWords();
  const organization = useOrganization();
  const call = useCall();
  const [isPending, setPending] = useState(false);
  const [outcome, setOutcome] = useState<{ readonly done: number; readonly ended: number; readonly refused: readonly Refused[] } | null>(null);

  const unassign = async (): Promise<void> => {
    setPending(true);
    const refused: Refused[] = [];
    let ended = 0;
    for (const person of people) {
      const result = await call('holdings.unassign', { params: { organization: organization.id }, body: { person: person.id, licenses: [license] } });
      if (result.ok) ended += result.value.ended.length;
      else refused.push({ person, problem: { code: result.code, details: result.details } });
    }
    setPending(false);
    const done = people.length - refused.length;
    if (done > 0) onDone();
    if (refused.length > 0) return setOutcome({ done, ended, refused });
    onClose();
    notify({ title: t('unassign.done', { count: done, product }), ...(ended > 0 ? { text: t('assign.ended', { count: ended }) } : {}) });
  };

  if (outcome === null) {
    return (
      <ConfirmDialog
        isOpen
        onOpenChange={onClose}
        title={t('unassign.title', { count: people.length, product })}
        confirmLabel={t('unassign.action')}
        cancelLabel={common('actions.cancel')}
        isDanger
        isPending={isPending}
        pendingLabel={t('unassign.pending')}
        onConfirm={() => void unassign()}
      >
        <div className="lk-stack">
          <p>{t('unassign.text', { count: people.length, product, name: people[0]?.name })}</p>
          <p className="lk-soft">{t('unassign.offline')}</p>
        </div>
      </ConfirmDialog>
    );
  }
  const offline = outcome.refused.filter(({ problem }) => problem.code === 'LEASE_OFFLINE');
  const until = Math.max(0, ...offline.map(({ problem }) => offlineLeases(problem.details)[0]?.until ?? 0));
  return (
    <Dialog isOpen onOpenChange={onClose} title={t('unassign.outcome')} closeLabel={common('actions.close')} actions={<Button variant="primary" onPress={onClose}>{common('actions.close')}</Button>}>
      <div className="lk-stack">
        {outcome.done > 0 && <Banner tone="ok" title={t('unassign.some', { count: outcome.done })}>{outcome.ended > 0 && t('assign.ended', { count: outcome.ended })}</Banner>}
        <Banner tone="warn" live="alert" title={t('unassign.refused')}>
          <ul className="holdings-list">
            {outcome.refused.map(({ person, problem }) => (
              <li key={person.id}>
                <strong>{person.name}</strong>: {problem.code === 'LEASE_OFFLINE' ? offlineLeases(problem.details).map(({ machine, until: each }) => t(machine === null ? 'offline.until' : 'offline.untilOn', { product, machine, until: each })).join(' ') : `${say(problem).title}. ${say(problem).text}`}
              </li>
            ))}
          </ul>
          {offline.length > 0 && <p>{t('offline.why')}</p>}
        </Banner>
        {offline.length > 0 && <OfflineWayOut until={until} isUnassigning />}
      </div>
    </Dialog>
  );
};
