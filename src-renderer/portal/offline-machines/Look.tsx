import { useTranslation } from 'react-i18next';
import { InspectionCard } from '../../document/InspectionCard.tsx';
import { ProblemNote } from '../../problem/ProblemNote.tsx';
import { Button } from '../../ui/index.ts';
import { useNow } from '../../window/use-now.ts';
import { AnswerForm } from './AnswerForm.tsx';
import { ProofForm } from './ProofForm.tsx';
import { nextFile } from './exchange.ts';
import type { Current } from './exchange.ts';

export type LookedAt = Extract<Current, { stage: 'looked' }>;

/** What the file in hand is, and the next step with it. */
export const Look = ({ current }: { readonly current: LookedAt }) => {
  const { t } = useTranslation(['portal', 'common']);
  const now = useNow();
  const { inspection, options, lease, answered, problem, isWorking } = current;
  const { want, kind } = inspection;
  const machine = inspection.machine?.name ?? null;
  const names = {
    product: options.find(({ product }) => product.id === want?.product)?.product.name,
    license: options.find(({ license }) => license === want?.license)?.product.name,
  };
  // The same request has the same answer for ever, also when it has grown too old to be answered first.
  const isAnswerable = kind === 'request' && inspection.genuine.ok && (inspection.acceptable.ok || answered);
  const isProvable = kind === 'release' && inspection.genuine.ok && inspection.acceptable.ok;
  const putAside = <Button onPress={nextFile} isDisabled={isWorking}>{t('exchange.putAside')}</Button>;
  return (
    <div className="lk-stack">
      <InspectionCard
        inspection={inspection}
        fileName={current.name}
        now={now}
        names={names}
        acceptableText={answered || (kind !== 'request' && kind !== 'release') ? t(`exchange.acceptable.${kind}`) : undefined}
        {...(isAnswerable || isProvable ? {} : { actions: putAside })}
      >
        {isAnswerable && <AnswerForm inspection={inspection} options={options} lease={lease} answered={answered} now={now} isWorking={isWorking} putAside={putAside} />}
        {isProvable && <ProofForm lease={lease} isAgain={answered} isWorking={isWorking} putAside={putAside} />}
        {!isAnswerable && !isProvable && (
          <p>{t(`exchange.nextStep.${inspection.genuine.ok ? kind : 'notGenuine'}`, machine === null ? {} : { machine, context: 'named' })}</p>
        )}
      </InspectionCard>
      {problem !== null && <ProblemNote problem={problem} live="alert" />}
    </div>
  );
};
