import { FileDown } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { FormEvent } from 'react';
import type { HeldLease } from '../../src-shared/desktop.ts';
import { offlineUntil } from '../../src-shared/policy.ts';
import { useAction, useDesktopState } from '../desktop/use-desktop.ts';
import { useWords } from '../desktop/words.ts';
import { useCommonWords } from '../messages/words.ts';
import { ProblemText } from '../problem/ProblemNote.tsx';
import { Badge, Button, Card, FormError, NumberField, Select, TextField } from '../ui/index.ts';
import { useSave } from '../saving/use-save.ts';
import type { Wish } from './NextSteps.tsx';
import { useOfflineProducts } from './use-products.ts';

const ANY = '';
const MOST_DAYS = 3660;

export type RequestFormProps = {
  /** The lease that the answer extends. */
  readonly renewed: HeldLease | null;
  /** What a file asked for or granted that cannot be used any more. */
  readonly wish: Wish | null;
  readonly onSaved: () => void;
  readonly onCancel?: () => void;
};

/** Names the machine, says what is wanted, and saves the request file. */
export const RequestForm = ({ renewed, wish, onSaved, onCancel }: RequestFormProps) => {
  const t = useWords();
  const common = useCommonWords();
  const machine = useDesktopState((state) => state.machine.name);
  const products = useOfflineProducts();
  /** Null until it is typed: the machine may be renamed on the same page. */
  const [typed, setName] = useState<string | null>(null);
  const name = typed ?? machine;
  const [product, setProduct] = useState(wish?.product ?? ANY);
  const [days, setDays] = useState(wish?.days ?? Number.NaN);
  const areDaysWrong = !Number.isNaN(days) && offlineUntil(0, days, MOST_DAYS, null) === null;
  const [isTried, setTried] = useState(false);
  const { run, isPending, problem } = useAction('exchange.create-request');
  const saveFile = useSave();
  const form = useRef<HTMLFormElement>(null);
  // It was asked for from further down the page.
  useEffect(() => {
    if (wish === null) return;
    form.current?.scrollIntoView({ block: 'center' });
    form.current?.querySelector('input')?.focus({ preventScroll: true });
  }, [wish]);
  // The license that the file was for, as long as nobody chooses another product.
  const license = renewed === null && wish !== null && wish.license !== null && product === (wish.product ?? ANY) ? wish.license : null;
  const names = new Map([...(wish?.product && wish.productName ? [[wish.product, wish.productName] as const] : []), ...products]);

  const save = async (event: FormEvent) => {
    event.preventDefault();
    const given = name.trim();
    setTried(true);
    if (given === '' || areDaysWrong || isPending) return;
    const result = await run({
      name: given,
      ...(renewed !== null ? { lease: renewed.id } : license !== null ? { license } : product !== ANY && { product }),
      ...(!Number.isNaN(days) && { days }),
    });
    if (!result.ok) return;
    // The request is there, with its file, whether or not it was saved: its card offers it again.
    void saveFile({ name: result.value.name, content: result.value.text }, { text: t('exchange.form.savedText') });
    onSaved();
  };
  return (
    <Card>
      <form ref={form} className="request-form" noValidate onSubmit={(event) => void save(event)}>
        {renewed !== null && <p><Badge tone="brass">{t('exchange.form.renewal', { product: renewed.product.name })}</Badge></p>}
        {license !== null && <p><Badge tone="brass">{t('exchange.form.sameLicense')}</Badge></p>}
        <TextField label={t('exchange.form.name')} value={name} onChange={setName} maxLength={200} isDisabled={isPending} description={t('exchange.form.nameText')} error={isTried && name.trim() === '' && t('exchange.form.nameMissing')} />
        <div className="request-want">
          {renewed === null && (
            <Select
              label={t('exchange.form.product')}
              options={[{ id: ANY, label: t('exchange.form.any'), text: t('exchange.form.anyText') }, ...[...names].map(([id, label]) => ({ id, label }))]}
              value={product}
              onChange={setProduct}
              isDisabled={isPending}
              description={t(product === ANY ? 'exchange.form.anyText' : 'exchange.form.productText')}
            />
          )}
          <NumberField label={t('exchange.form.days')} suffix={t('exchange.form.daysUnit')} value={days} onChange={setDays} minValue={1} maxValue={MOST_DAYS} isDisabled={isPending} description={t('exchange.form.daysText')} error={areDaysWrong && t('goOffline.tooLong', { count: MOST_DAYS })} />
        </div>
        <FormError>{problem !== null && <ProblemText problem={problem} />}</FormError>
        <div className="lk-row">
          <Button type="submit" variant="primary" icon={<FileDown aria-hidden="true" />} isPending={isPending} pendingLabel={t('exchange.form.pending')}>{t('exchange.form.action')}</Button>
          {onCancel !== undefined && <Button onPress={onCancel} isDisabled={isPending}>{common('actions.cancel')}</Button>}
        </div>
      </form>
    </Card>
  );
};
