import { Download } from 'lucide-react';
import { useState } from 'react';
import type { PendingRequest } from '../../src-shared/desktop.ts';
import { useAction, useDesktopState } from '../desktop/use-desktop.ts';
import { useNow } from '../window/use-now.ts';
import { useWords } from '../desktop/words.ts';
import { useCommonWords, useLanguage } from '../messages/words.ts';
import { ProblemNote, ProblemText } from '../problem/ProblemNote.tsx';
import { Badge, Button, Card, ConfirmDialog, KeyValueList, PastTime, RelativeTime, Time, notify } from '../ui/index.ts';
import { useSave } from '../saving/use-save.ts';
import { useProducts } from './use-products.ts';

const SOON = 2 * 86_400;

/** A request that waits for its answer: how old it is, until when it can be answered, and its file again. */
export const RequestCard = ({ request }: { readonly request: PendingRequest }) => {
  const t = useWords();
  const common = useCommonWords();
  const language = useLanguage();
  const now = useNow();
  const products = useProducts();
  const leases = useDesktopState((state) => state.leases);
  const [isDiscarding, setDiscarding] = useState(false);
  const file = useAction('exchange.request-file');
  const discard = useAction('exchange.discard-request');
  const { id, purpose, createdAt, expiresAt, machineName, days, fileName, lease } = request;
  const isTime = purpose === 'time';
  const renewed = leases.find((one) => one.id === lease);
  const product = renewed?.product.name ?? (request.product === null ? t('exchange.request.any') : products.get(request.product) ?? request.product);

  const save = useSave();
  const saveAgain = async () => {
    const result = await file.run({ request: id });
    if (!result.ok) return;
    void save({ name: result.value.name, content: result.value.text });
  };
  const throwAway = async () => {
    const result = await discard.run({ request: id });
    if (result.ok) notify({ title: t('exchange.discard.done') });
  };
  // A request for the time can be answered whenever it comes.
  const left = isTime ? Number.POSITIVE_INFINITY : expiresAt - now;
  return (
    <Card
      title={isTime ? t('exchange.request.time') : t(lease === null ? 'exchange.request.title' : 'exchange.request.renews', { product })}
      text={fileName}
      actions={left <= 0 ? <Badge tone="danger">{t('exchange.request.late')}</Badge> : left < SOON ? <Badge tone="warn">{t('exchange.request.soon')}</Badge> : undefined}
    >
      <div className="lk-stack">
        <KeyValueList
          layout="columns"
          items={[
            { term: t('exchange.request.machine'), value: machineName },
            { term: t('exchange.request.made'), value: <PastTime seconds={createdAt} locale={language} now={now} /> },
            ...(isTime ? [] : [{ term: t('exchange.request.deadline'), value: <><Time seconds={expiresAt} locale={language} /> <span className="lk-soft">(<RelativeTime seconds={expiresAt} locale={language} now={now} />)</span></> },
            { term: t('exchange.request.days'), value: days === null ? t('exchange.request.noDays') : t('exchange.request.daysValue', { count: days }) }]),
          ]}
        />
        {isTime && <p className="lk-soft">{t('exchange.request.timeText')}</p>}
        {file.problem !== null && <ProblemNote problem={file.problem} live="alert" />}
        <div className="lk-row">
          <Button size="small" icon={<Download aria-hidden="true" />} isPending={file.isPending} onPress={() => void saveAgain()}>{t('exchange.request.again')}</Button>
          <Button size="small" variant="quiet" onPress={() => setDiscarding(true)}>{t('exchange.request.discard')}</Button>
        </div>
      </div>
      <ConfirmDialog
        isOpen={isDiscarding}
        onOpenChange={setDiscarding}
        title={t('exchange.discard.title')}
        confirmLabel={t('exchange.discard.action')}
        cancelLabel={common('actions.cancel')}
        isDanger
        isPending={discard.isPending}
        pendingLabel={t('exchange.discard.pending')}
        onConfirm={() => void throwAway()}
        error={discard.problem !== null && <ProblemText problem={discard.problem} />}
      >
        <p>{t(isTime ? 'exchange.discard.textTime' : 'exchange.discard.text')}</p>
      </ConfirmDialog>
    </Card>
  );
};
