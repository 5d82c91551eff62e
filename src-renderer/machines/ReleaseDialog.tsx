import { CircleCheck, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isErrorCode } from '../../src-shared/errors.ts';
import type { LeaseMode } from '../../src-shared/lease.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { useAct, useOrganization } from '../authority/index.ts';
import type { CallValue } from '../authority/index.ts';
import { OfflineWayOut } from '../holdings/OfflineWayOut.tsx';
import { useHoldingsWords } from '../holdings/words.ts';
import { useCommonWords } from '../messages/words.ts';
import { ProblemText } from '../problem/ProblemNote.tsx';
import { Button, Dialog, FormError, notify } from '../ui/index.ts';
import './machines.css';

/** As many as one call may name. */
const AT_ONCE = 200;
/** A longer list scrolls, so the keyboard must reach it. */
const SEEN = 3;

export type Releasable = { readonly lease: string; readonly product: string; readonly machine: string; readonly person: string | null; readonly mode: LeaseMode; readonly until: Seconds };

export type ReleaseDialogProps = { readonly leases: readonly Releasable[]; readonly onClose: () => void; readonly onDone: () => void };

/** Ends online leases of one or many machines, says before which cannot be ended, and after what became of each. */
export const ReleaseDialog = ({ leases: given, onClose, onDone }: ReleaseDialogProps) => {
  const t = useHoldingsWords();
  const common = useCommonWords();
  const organization = useOrganization();
  const { run, isPending, problem } = useAct('holdings.release');
  // What was asked for stays, also when the page behind is brought up to date.
  const [leases] = useState(given);
  const [outcome, setOutcome] = useState<CallValue<'holdings.release'> | null>(null);
  const online = leases.filter(({ mode }) => mode === 'online').slice(0, AT_ONCE);
  const rest = leases.filter(({ mode }) => mode === 'online').length - online.length;
  const offline = leases.filter(({ mode }) => mode === 'offline');

  const release = async (): Promise<void> => {
    const result = await run({ params: { organization: organization.id }, body: { leases: online.map(({ lease }) => lease) } });
    if (!result.ok) return;
    onDone();
    const [only] = result.value.released;
    if (result.value.refused.length > 0 || result.value.released.length !== 1 || only === undefined) return setOutcome(result.value);
    onClose();
    const names = { product: only.product.name, machine: only.machine.name };
    notify({ title: t('release.done', { count: 1 }), text: `${t('release.line', names)}. ${t('release.releasedText', { ...names, until: only.busyUntil })}` });
  };

  if (outcome !== null) return <Outcome leases={leases} outcome={outcome} onClose={onClose} />;
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      {...(online.length > 0 ? { role: 'alertdialog' } : {})}
      title={online.length === 0 ? t('release.noneOnline', { count: offline.length }) : t('release.title', { count: online.length })}
      isBusy={isPending}
      actions={online.length === 0
        ? <Button variant="primary" onPress={onClose} autoFocus>{common('actions.close')}</Button>
        : (
          <>
            <Button onPress={onClose} isDisabled={isPending} autoFocus>{common('actions.cancel')}</Button>
            <Button variant="danger" isPending={isPending} pendingLabel={t('release.pending')} onPress={() => void release()}>{t('release.action', { count: online.length })}</Button>
          </>
        )}
    >
      <div className="lk-stack">
        {online.length > 0 && (
          <>
            <p>{t('release.text')}</p>
            <Lines title={t('release.online')} leases={online} />
            {rest > 0 && <p className="lk-soft lk-small">{t('release.rest', { count: rest })}</p>}
          </>
        )}
        {offline.length > 0 && (
          <>
            <Lines title={t(online.length === 0 ? 'release.offlineList' : 'release.offline')} leases={offline} />
            <p className="lk-soft holdings-fine">{t('release.offlineText')}</p>
            {online.length === 0 && <OfflineWayOut until={offline.length === 1 ? offline[0]?.until ?? null : null} />}
          </>
        )}
        <FormError>{problem !== null && <ProblemText problem={problem} />}</FormError>
      </div>
    </Dialog>
  );
};

const Lines = ({ title, leases }: { readonly title: string; readonly leases: readonly Releasable[] }) => {
  const t = useHoldingsWords();
  return (
    <div>
      <h3 className="holdings-label">{title}</h3>
      <ul className="release-lines" aria-label={title} {...(leases.length > SEEN ? { tabIndex: 0 } : {})}>
        {leases.map((each) => (
          <li key={each.lease}>
            <span>{t('release.line', each)}</span>
            <span className="lk-soft lk-small">
              {[...(each.person === null ? [] : [t('release.person', { person: each.person })]), ...(each.mode === 'offline' ? [t('release.offlineUntil', { until: each.until })] : [])].join(' · ')}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
};

const Outcome = ({ leases, outcome: { released, refused }, onClose }: { readonly leases: readonly Releasable[]; readonly outcome: CallValue<'holdings.release'>; readonly onClose: () => void }) => {
  const t = useHoldingsWords();
  const { t: say } = useTranslation('errors');
  const common = useCommonWords();
  const nameOf = (lease: string): string => {
    const found = leases.find((each) => each.lease === lease);
    return found === undefined ? lease : t('release.line', found);
  };
  const title = [...(released.length > 0 ? [t('release.done', { count: released.length })] : []), ...(refused.length > 0 ? [t('release.refused', { count: refused.length })] : [])].join(', ');
  return (
    <Dialog isOpen onOpenChange={onClose} title={title} closeLabel={common('actions.close')} actions={<Button variant="primary" onPress={onClose} autoFocus>{common('actions.close')}</Button>}>
      <ul className="release-lines" aria-label={t('release.outcome')} {...(released.length + refused.length > SEEN ? { tabIndex: 0 } : {})}>
        {refused.map(({ lease, code, until }) => (
          <li key={lease} className="release-outcome">
            <TriangleAlert aria-hidden="true" className="release-refused" />
            <span className="holdings-lines">
              <span>{nameOf(lease)}</span>
              <span className="lk-soft lk-small">{[isErrorCode(code) ? say(`${code}.title`) : t('release.refusedOther'), ...(until === null ? [] : [t('release.refusedUntil', { until })])].join(' · ')}</span>
            </span>
          </li>
        ))}
        {released.map(({ id, product, machine, busyUntil }) => (
          <li key={id} className="release-outcome">
            <CircleCheck aria-hidden="true" className="release-done" />
            <span className="holdings-lines">
              <span>{t('release.line', { product: product.name, machine: machine.name })}</span>
              <span className="lk-soft lk-small">{t('release.released')} · {t('release.releasedText', { machine: machine.name, until: busyUntil })}</span>
            </span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
};
