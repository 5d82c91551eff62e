import { useTranslation } from 'react-i18next';
import { InspectionCard } from '../../document/InspectionCard.tsx';
import { ProblemNote } from '../../problem/ProblemNote.tsx';
import { Button } from '../../ui/index.ts';
import { useNow } from '../../window/use-now.ts';
import { AnswerForm } from './AnswerForm.tsx';
import { NextStep } from './NextStep.tsx';
import { ProofForm } from './ProofForm.tsx';
import { TimeForm } from './TimeForm.tsx';
import { nextFile } from './exchange.ts';
import type { Current } from './exchange.ts';

export type LookedAt = Extract<Current, { stage: 'looked' }>;

/** What the file in hand is, and the next step with it. */
export const Look = ({ current }: { readonly current: LookedAt }) => {
  const { t } = useTranslation(['portal', 'common']);
  const now = useNow();
  const { inspection, options, lease, answered, problem, isWorking } = current;
  const { want, kind } = inspection;
  const names = {
    product: options.find(({ product }) => product.id === want?.product)?.product.name,
    license: options.find(({ license }) => license === want?.license)?.product.name,
  };
  const isTime = inspection.next === 'answer-time';
  const isAnswerable = inspection.next === 'answer';
  const isProvable = inspection.next === 'accept';
  const putAside = <Button onPress={nextFile} isDisabled={isWorking}>{t('exchange.putAside')}</Button>;
  return (
    <div className="lk-stack">
      <InspectionCard
        inspection={inspection}
        fileName={current.name}
        now={now}
        names={names}
        acceptableText={isTime && answered ? t('exchange.acceptable.time_request') : answered || (kind !== 'request' && kind !== 'release') ? t(`exchange.acceptable.${kind}`) : undefined}
      >
        {isAnswerable && <AnswerForm inspection={inspection} options={options} lease={lease} answered={answered} now={now} isWorking={isWorking} putAside={putAside} />}
        {isProvable && <ProofForm lease={lease} isAgain={answered} isWorking={isWorking} putAside={putAside} />}
        {isTime && <TimeForm machine={inspection.machine?.name ?? null} isAgain={answered} isWorking={isWorking} putAside={putAside} />}
        {!isAnswerable && !isProvable && !isTime && <NextStep current={current} putAside={putAside} />}
      </InspectionCard>
      {problem !== null && <ProblemNote problem={problem} live="alert" />}
    </div>
  );
};
