import { useState } from 'react';
import type { MachineRow } from '../../src-shared/http/holdings.ts';
import { useAct, useOrganization } from '../authority/index.ts';
import { nameOf } from '../holdings/facts.tsx';
import { useHoldingsWords } from '../holdings/words.ts';
import { useCommonWords } from '../messages/words.ts';
import { ProblemText } from '../problem/ProblemNote.tsx';
import { Button, Checkbox, Dialog, FormError, RadioGroup, TextField, notify } from '../ui/index.ts';
import { isHeld } from './leases.ts';
import { useNow } from '../window/use-now.ts';
import './machines.css';

type Decision = 'same-machine' | 'retire';
export type ResolveDialogProps = { readonly machine: MachineRow; readonly onClose: () => void; readonly onDone: () => void };

/** Decides about a machine whose profile is used twice. Nothing is chosen beforehand, and to retire it takes one more yes. */
export const ResolveDialog = ({ machine, onClose, onDone }: ResolveDialogProps) => {
  const t = useHoldingsWords();
  const common = useCommonWords();
  const organization = useOrganization();
  const now = useNow();
  const { run, isPending, problem } = useAct('holdings.resolve');
  const [decision, setDecision] = useState<Decision | null>(null);
  const [reason, setReason] = useState('');
  const [isMissing, setMissing] = useState(false);
  const [isSure, setSure] = useState(false);
  const held = machine.leases.filter((lease) => isHeld(lease, now));
  const online = held.filter(({ mode }) => mode === 'online');
  const offline = held.filter(({ mode }) => mode === 'offline');
  const names = new Intl.ListFormat(document.documentElement.lang, { type: 'conjunction' });

  const decide = async (chosen: Decision): Promise<void> => {
    setMissing(reason.trim() === '');
    if (reason.trim() === '') return;
    const result = await run({ params: { organization: organization.id, machine: machine.id }, body: { decision: chosen, reason: reason.trim() } });
    if (!result.ok) return;
    onClose();
    onDone();
    notify({ title: t(`copied.done.${chosen}`, { machine: machine.name }), text: t(`copied.doneText.${chosen}`) });
  };
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title={t('copied.dialog', { machine: machine.name })}
      isBusy={isPending}
      actions={(
        <>
          <Button onPress={onClose} isDisabled={isPending}>{common('actions.cancel')}</Button>
          {decision === 'retire'
            ? <Button variant="danger" isPending={isPending} pendingLabel={t('copied.pending')} isDisabled={!isSure} onPress={() => void decide('retire')}>{t('copied.action.retire')}</Button>
            : <Button variant="primary" isPending={isPending} pendingLabel={t('copied.pending')} isDisabled={decision === null} onPress={() => void decide('same-machine')}>{t('copied.action.same-machine')}</Button>}
        </>
      )}
    >
      <div className="lk-stack">
        <p>{t('copied.question')}</p>
        <RadioGroup
          label={t('copied.decision')}
          isLabelHidden
          variant="cards"
          value={decision}
          onChange={(next) => {
            setDecision(next);
            setSure(false);
          }}
          isDisabled={isPending}
          options={[
            { id: 'same-machine', label: t('copied.choice.same-machine'), text: t('copied.choiceText.same-machine') },
            { id: 'retire', label: t('copied.choice.retire'), text: t('copied.choiceText.retire') },
          ]}
        />
        {decision === 'retire' && (
          <div className="resolve-retire">
            {online.length > 0 && <p>{t('copied.ends', { products: names.format(online.map(nameOf)) })}</p>}
            {offline.length > 0 && <p>{t('copied.atRisk', { products: names.format(offline.map(nameOf)), at: Math.max(...offline.map(({ busyUntil }) => busyUntil)) })}</p>}
            <Checkbox isSelected={isSure} onChange={setSure} isDisabled={isPending}>{t('copied.sure')}</Checkbox>
          </div>
        )}
        <TextField
          label={t('copied.reason')} description={t('copied.reasonText')} rows={2} maxLength={500} value={reason} isDisabled={isPending}
          error={isMissing ? t('copied.reasonMissing') : undefined}
          onChange={(next) => {
            setReason(next);
            setMissing(false);
          }}
        />
        <FormError>{problem !== null && (problem.code === 'CONFLICT' ? t('copied.conflict') : <ProblemText problem={problem} />)}</FormError>
      </div>
    </Dialog>
  );
};
