import { Download } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { GivenUpLease } from '../../src-shared/desktop.ts';
import { useAction, useDesktopState } from '../desktop/use-desktop.ts';
import { useWords } from '../desktop/words.ts';
import { useLanguage } from '../messages/words.ts';
import { useProblemWords } from '../problem/ProblemNote.tsx';
import { Badge, Button, Card, PastTime, Table, Time, notify } from '../ui/index.ts';
import { useSave } from '../saving/use-save.ts';
import { PortalAddress } from './PortalAddress.tsx';

/** The leases that this machine has given up, with their proofs. */
export const GivenUp = ({ shown }: { readonly shown: string | null }) => {
  const t = useWords();
  const language = useLanguage();
  const words = useProblemWords();
  const givenUp = useDesktopState((state) => state.givenUp);
  const { run } = useAction('exchange.proof-file');
  const save = useSave();
  const isThere = givenUp.some(({ lease }) => lease === shown);
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const row = !isThere ? null : frame.current?.querySelector('tr[data-selected]');
    row?.querySelector('button')?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: 'center' });
  }, [isThere]);
  if (givenUp.length === 0) return null;
  const saveAgain = async ({ lease }: GivenUpLease) => {
    const result = await run({ lease });
    if (!result.ok) {
      const { title, text } = words({ code: result.code, details: result.details });
      return notify({ tone: 'danger', title, text });
    }
    void save({ name: result.value.name, content: result.value.text });
  };
  return (
    <div ref={frame}>
      <Card title={t('exchange.givenUp.title')} text={<>{t('exchange.givenUp.text')} {givenUp.some(({ receiptAt }) => receiptAt === null) && <PortalAddress />}</>} padding="flush">
        <Table
          label={t('exchange.givenUp.list')}
          rows={givenUp}
          rowKey={({ lease }) => lease}
          selectedKey={shown}
          columns={[
            { id: 'product', header: t('exchange.givenUp.product'), isRowHeader: true, cell: ({ product, organization }) => <span className="two-lines"><span>{product.name}</span><span className="lk-small lk-soft">{organization.name}</span></span> },
            { id: 'at', header: t('exchange.givenUp.at'), cell: ({ releasedAt, reason }) => <span className="two-lines"><PastTime seconds={releasedAt} locale={language} /><span className="lk-small lk-soft">{t(`exchange.givenUp.reason.${reason}`)}</span></span> },
            {
              id: 'receipt', header: t('exchange.givenUp.receipt'),
              cell: ({ receiptAt, until }) => receiptAt === null
                ? <span className="two-lines"><span><Badge tone="warn">{t('exchange.givenUp.noReceipt')}</Badge></span><span className="lk-small lk-soft">{t('exchange.givenUp.noReceiptText', { until })}</span></span>
                : <span className="two-lines"><span><Badge tone="ok">{t('exchange.givenUp.receipt')}</Badge></span><span className="lk-small lk-soft"><Time seconds={receiptAt} locale={language} format="date" /></span></span>,
            },
            {
              id: 'actions', header: t('exchange.givenUp.actions'), isHeaderHidden: true, align: 'end',
              cell: (lease) => <Button size="small" icon={<Download aria-hidden="true" />} aria-label={`${t('exchange.givenUp.again')}: ${lease.product.name}`} onPress={() => void saveAgain(lease)}>{t('exchange.givenUp.again')}</Button>,
            },
          ]}
        />
      </Card>
    </div>
  );
};
