import { useTranslation } from 'react-i18next';
import { isInTransit } from '../../../src-shared/lease.ts';
import type { Lease } from '../../../src-shared/lease.ts';
import type { OwnLease } from '../../../src-shared/license.ts';
import { UnconfirmedText } from '../../my-licenses/UnconfirmedText.tsx';
import { Badge, PastTime, RelativeTime, Time } from '../../ui/index.ts';
import type { Tone } from '../../ui/index.ts';
import { standingOf } from './leases.ts';
import type { Standing } from './leases.ts';

const tones: { readonly [S in Standing]: Tone } = { active: 'ok', unconfirmed: 'warn', expired: 'neutral', released: 'neutral', revoked: 'warn' };

export type LeaseListProps = { readonly leases: readonly OwnLease[]; readonly now: number; readonly onRelease: (lease: OwnLease) => void };
type Fact = { readonly lease: Lease; readonly now: number };

export const ProductName = ({ lease }: Pick<Fact, 'lease'>) => (
  <span className="portal-two-lines">
    <span><b>{lease.product.name}</b>{lease.edition !== null && <span className="lk-soft"> {lease.edition}</span>}</span>
    <span className="lk-soft lk-small">{lease.organization.name}</span>
  </span>
);

export const MachineName = ({ lease }: Pick<Fact, 'lease'>) => (
  <span className="portal-two-lines" title={lease.machine.id}>
    <span>{lease.machine.name}</span>
    {lease.machine.os !== null && <span className="lk-soft lk-small">{lease.machine.os}</span>}
  </span>
);

export const ModeBadge = ({ lease }: Pick<Fact, 'lease'>) => {
  const { t } = useTranslation('common');
  return <Badge tone={lease.mode === 'offline' ? 'brass' : 'neutral'}>{t(lease.mode === 'offline' ? 'mode.Offline' : 'mode.Online')}</Badge>;
};

/** The end of the lease, and of the license itself where that comes first to mind: within the same 30 days. */
export const Until = ({ lease, now }: Fact) => {
  const { t, i18n } = useTranslation('portal');
  const isLate = lease.validUntil !== null && lease.validUntil - now < 30 * 86_400;
  return (
    <span className="portal-two-lines">
      <span><Time seconds={lease.until} locale={i18n.language} format="dateTime" /></span>
      <span className="lk-soft lk-small">
        {standingOf(lease, now) === 'active' && lease.mode === 'online' ? t('leases.renewed') : <RelativeTime seconds={lease.until} locale={i18n.language} />}
      </span>
      {isLate && lease.validUntil !== null && lease.validUntil !== lease.until && (
        <span className="lk-small portal-late">{t('leases.licenseEnds', { at: lease.validUntil })}</span>
      )}
    </span>
  );
};

export const LastContact = ({ lease }: Pick<Fact, 'lease'>) => {
  const { t, i18n } = useTranslation('portal');
  return lease.lastContact === null
    ? <span className="lk-soft">{t('leases.never')}</span>
    : <PastTime seconds={lease.lastContact} locale={i18n.language} />;
};

export const StandingBadge = ({ lease, now }: Fact & { readonly lease: OwnLease }) => {
  const { t } = useTranslation('portal');
  const standing = standingOf(lease, now);
  const isUnseen = standing === 'active' && isInTransit(lease);
  const isSeatHeld = standing !== 'active' && lease.busyUntil > now;
  return (
    <span className="portal-two-lines">
      <span><Badge tone={isUnseen ? 'info' : tones[standing]} hasDot>{isUnseen ? t('leases.inTransit') : t(`leases.standing.${standing}`)}</Badge></span>
      {standing === 'unconfirmed' ? <UnconfirmedText lease={lease} /> : isSeatHeld && <span className="lk-soft lk-small">{t('leases.seatHeld', { at: lease.busyUntil })}</span>}
    </span>
  );
};
