import { FileDown, Monitor, Save } from 'lucide-react';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../../src-shared/desktop.ts';
import { organizationPath } from '../../authority/index.ts';
import { ProblemNote } from '../../problem/ProblemNote.tsx';
import { useSave } from '../../saving/use-save.ts';
import { Button, Link } from '../../ui/index.ts';
import { call } from '../session/session.ts';
import type { LookedAt } from './Look.tsx';

export type NextStepProps = { readonly current: LookedAt; readonly putAside: ReactNode };

/** What is to be done with a file that nothing can be done with here, in words and as buttons; the main one comes last. */
export const NextStep = ({ current, putAside }: NextStepProps) => {
  const { t } = useTranslation('portal');
  const { inspection, machineAt, name, text } = current;
  const { next, kind, genuine, machine } = inspection;
  const save = useSave();
  const called = machine?.name ?? null;
  const named = called === null ? {} : { machine: called, context: 'named' };
  const saveCopy = (
    <Button
      variant={next === 'take-to-machine' ? 'primary' : 'secondary'}
      icon={<Save aria-hidden="true" />}
      onPress={() => void save({ name, content: text })}
    >
      {t('exchange.saveCopy')}
    </Button>
  );
  const show = (words: string, variant: 'button' | 'primary') => machine !== null && machineAt !== null && (
    <Link variant={variant} href={organizationPath(machineAt, 'machines', machine.id)} icon={<Monitor aria-hidden="true" />}>{words}</Link>
  );
  const step = (words: string, actions?: ReactNode) => (
    <div className="lk-stack">
      <p>{words}</p>
      <div className="portal-step-actions">{putAside}{actions}</div>
    </div>
  );
  switch (next) {
    case 'take-to-machine':
      return step(t(`exchange.nextStep.${kind}`, named), <>{show(t('exchange.showMachine'), 'button')}{saveCopy}</>);
    case 'request-again':
      return step(t('exchange.nextStep.askAgain', named), show(t('exchange.showMachine'), 'button'));
    case 'bring-keyset':
      return step(t('exchange.nextStep.bringKeyset'), <SaveKeyset />);
    case 'resolve-clone':
      return step(t(machineAt === null ? 'exchange.nextStep.cloneElsewhere' : 'exchange.nextStep.clone'), show(t('exchange.decide'), 'primary'));
    case 'right-clock':
      return step(t('exchange.nextStep.clock'), show(t('exchange.showMachine'), 'button'));
    case 'answer':
    case 'answer-time':
    case 'accept':
    case 'import':
    case 'take-to-authority':
    case 'nothing':
    case 'put-away':
      return step(t(genuine.ok ? 'exchange.nextStep.putAway' : 'exchange.nextStep.notGenuine'));
  }
};

const SaveKeyset = () => {
  const { t } = useTranslation('portal');
  const [isPending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const saveFile = useSave();
  const save = async () => {
    setPending(true);
    setProblem(null);
    const result = await call('authority.keyset', { query: {} });
    setPending(false);
    if (result.ok) void saveFile({ name: 'latchkey-keyset.lkkeys', content: result.value.keyset });
    else setProblem(result);
  };
  return (
    <>
      <Button variant="primary" icon={<FileDown aria-hidden="true" />} isPending={isPending} pendingLabel={t('exchange.savingKeyset')} onPress={() => void save()}>{t('exchange.saveKeyset')}</Button>
      {problem !== null && <div className="portal-step-problem"><ProblemNote problem={problem} live="alert" /></div>}
    </>
  );
};
