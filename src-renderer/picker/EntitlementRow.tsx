import { Cloud, Laptop } from 'lucide-react';
import { useMemo } from 'react';
import { canBeTaken, isResting, obstaclesOf } from '../../src-shared/license.ts';
import type { Entitlement, Holder } from '../../src-shared/license.ts';
import { useCommonWords } from '../messages/words.ts';
import { useWords } from '../desktop/words.ts';
import { holderNamesAmong } from '../people/names.ts';
import { Badge, SeatBar, Spinner, classNames } from '../ui/index.ts';
import './picker.css';

/** As many as can ever fit; those that do not are left out whole, and all of them stand beside the list. */
const FEATURES_SHOWN = 6;

export type EntitlementRowProps = {
  readonly entitlement: Entitlement;
  readonly isHeldHere: boolean;
  /** It is being checked out. */
  readonly isPending: boolean;
};

/** A license in the picker: what it is, whether it can be used now, and how many seats are free. */
export const EntitlementRow = ({ entitlement, isHeldHere, isPending }: EntitlementRowProps) => {
  const t = useWords();
  const common = useCommonWords();
  const { product, edition, features, seats } = entitlement;
  const Icon = product.kind === 'cloud' ? Cloud : Laptop;
  return (
    <div className={classNames('pick-row', !canBeTaken(entitlement) && 'pick-row-blocked')}>
      <span className="pick-icon">
        {isPending ? <Spinner label={t('picker.takingItOf', { product: product.name })} /> : <Icon aria-hidden="true" size={18} strokeWidth={1.5} />}
      </span>
      <div className="pick-words">
        <p className="pick-name"><span className="pick-product lk-truncate"><strong>{product.name}</strong>{edition !== null && <span className="lk-soft"> {edition}</span>}</span>
          {isHeldHere && <Badge tone="brass">{t('picker.inUseHere')}</Badge>}
          {features.length > 0 && !isHeldHere && (
            <span className="pick-features">
              {features.slice(0, FEATURES_SHOWN).map((feature) => <Badge key={feature}>{feature}</Badge>)}
            </span>
          )}
        </p>
        <p className="lk-small lk-soft lk-truncate"><RowLine entitlement={entitlement} /></p>
      </div>
      <div className="pick-seats">
        {isResting(entitlement)
          ? <p className="lk-small lk-numeric">{t('picker.noneOf', { count: seats.owned })}</p>
          : (
            <>
              <p className="lk-small lk-numeric">{common('seats.freeOf', { free: seats.free, owned: seats.owned })}</p>
              <SeatBar size="small" label={t('picker.seatsLabel', { product: product.name, ...seats })} seats={seats} />
            </>
          )}
      </div>
    </div>
  );
};

const RowLine = ({ entitlement }: { readonly entitlement: Entitlement }) => {
  const t = useWords();
  const { modes, validUntil, holders } = entitlement;
  const held = useHeldBy(holders);
  const reason = obstaclesOf(entitlement)[0];
  if (reason === undefined) {
    const kind = modes.length > 1 ? 'both' : modes[0] === 'offline' ? 'offlineOnly' : 'onlineOnly';
    return <>{t(`picker.${kind}`)} · {validUntil === null ? t('picker.noEnd') : t('picker.until', { at: validUntil })}</>;
  }
  const holder = holders[0];
  const names = reason.code === 'SEAT_LIMIT_EXCEEDED' || reason.code === 'LEASE_LIMIT_EXCEEDED' ? holder : undefined;
  return (
    <>
      <span className="pick-reason">{reason.details['retired'] === true ? t('picker.retired') : t(`picker.reason.${reason.code}`, { ...reason.details })}</span>
      {names !== undefined && <> · {holders.length > 1 ? t('picker.heldByOthers', { first: held(names), count: holders.length - 1 }) : held(names)}</>}
    </>
  );
};

/** "Ida Berg on edit-07 until 18:40". */
const useHeldBy = (holders: readonly Holder[]): ((holder: Holder) => string) => {
  const t = useWords();
  const person = usePersonNames(holders);
  return (holder) => t(holder.yours || holder.person !== null ? 'picker.heldBy' : 'picker.heldByMachine', { person: person(holder), machine: holder.machine.name, until: holder.until });
};

/** How the holders of a license are called. */
export const usePersonNames = (holders: readonly Holder[]): ((holder: Holder) => string) => {
  const t = useWords();
  const named = useMemo(() => holderNamesAmong(holders), [holders]);
  return (holder) => (holder.yours ? t('picker.you') : named(holder) ?? t('picker.nobody'));
};
