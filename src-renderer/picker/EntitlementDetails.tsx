import { Check, Copy, WifiOff } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { HeldLease, Problem } from '../../src-shared/desktop.ts';
import { isResting, isTakenOffline, obstaclesOf } from '../../src-shared/license.ts';
import type { Contact, Entitlement, Holder } from '../../src-shared/license.ts';
import { organizationPath } from '../authority/index.ts';
import { leasePath, paths } from '../desktop/paths.ts';
import { useDesktopState } from '../desktop/use-desktop.ts';
import { useWords } from '../desktop/words.ts';
import type { AskDialogProps } from '../holdings/AskDialog.tsx';
import { AskedNote } from '../holdings/AskedNote.tsx';
import { useAskWords } from '../holdings/ask-words.ts';
import { useCommonWords } from '../messages/words.ts';
import { ProblemNote, useProblemWords } from '../problem/ProblemNote.tsx';
import { Badge, Button, IconButton, KeyValueList, Link, SeatBar, copyText, notify } from '../ui/index.ts';
import { usePersonNames } from './EntitlementRow.tsx';
import type { Asking } from './asking.ts';

/** Asked for now and then: kept out of the app's first load. */
const AskDialog = lazy(async () => ({ default: (await import('../holdings/AskDialog.tsx')).AskDialog }));

const HOLDERS_SHOWN = 5;
const ACT = 'details-act';

/** Where the focus goes from the list: to what can be done about the license, else to its name. */
export const focusDetails = (pane: HTMLElement): void =>
  (pane.querySelector<HTMLElement>(`.${ACT}:not([disabled])`) ?? pane.querySelector<HTMLElement>('h2') ?? pane).focus();

export type EntitlementDetailsProps = {
  readonly entitlement: Entitlement;
  /** The lease by which this machine uses it. */
  readonly held: HeldLease | null;
  readonly isChange: boolean;
  readonly isPending: boolean;
  /** Why the last attempt to use it was refused. */
  readonly problem: Problem | null;
  readonly isConnected: boolean;
  readonly thisMachine: string;
  readonly asking: Asking;
  readonly onUse: (entitlement: Entitlement) => void;
  readonly onReleaseThere: (entitlement: Entitlement, holder: Holder) => void;
};

/** Beside the list: the license in full, why it is not available, who has it, and who can change that. */
export const EntitlementDetails = ({ entitlement, held, isChange, isPending, problem, isConnected, thisMachine, asking, onUse, onReleaseThere }: EntitlementDetailsProps) => {
  const t = useWords();
  const ask = useAskWords();
  const common = useCommonWords();
  const words = useProblemWords();
  const [hasAsked, setHasAsked] = useState(false);
  const [asked, setAsked] = useState<Pick<AskDialogProps, 'request' | 'person'> | null>(null);
  const { product, edition, features, modes, offlineDays, validFrom, validUntil, seats, holders, contacts, available } = entitlement;
  const personName = usePersonNames(holders);
  const isOffline = isTakenOffline(entitlement);
  const obstacles = obstaclesOf(entitlement);
  const isAssignable = held === null && asking.isAssignable(entitlement);
  const me = useDesktopState((state) => state.account?.user.email ?? null);
  const elsewhere = holders.filter(({ yours, ended, machine }) => yours && !ended && machine.id !== thisMachine);
  // Giving it back over there is all that is needed.
  const isOwnLimit = obstacles.every(({ code }) => code === 'LEASE_LIMIT_EXCEEDED') && elsewhere.length > 0;
  const period = modes.includes('offline') && offlineDays > 0
    ? t(modes.includes('online') ? 'details.offlineUpTo' : 'details.onlyOffline', { count: offlineDays })
    : t('details.onlyOnline');
  const validity = validFrom !== null && validUntil !== null
    ? t('details.validFromTo', { from: validFrom, to: validUntil })
    : validUntil !== null ? t('details.validTo', { to: validUntil }) : validFrom !== null ? t('details.validFrom', { from: validFrom }) : t('details.noEnd');
  return (
    <>
      <header className="details-head">
        <h2 className="details-title" tabIndex={-1}>{product.name}</h2>
        <p className="lk-soft">{[edition, entitlement.organization.name].filter((part) => part !== null).join(' · ')}</p>
      </header>
      {problem !== null && <ProblemNote problem={problem} live="alert" />}
      {held !== null
        ? <Link href={leasePath(held.id)} variant="primary" className={ACT}>{t('details.show')}</Link>
        : available && <Button variant="primary" isFullWidth className={ACT} isPending={isPending} pendingLabel={t('picker.takingItOf', { product: product.name })} onPress={() => onUse(entitlement)}>{t(isChange ? 'details.change' : 'details.use')}</Button>}
      {held === null && isOffline && (
        <>
          <Button variant="primary" isFullWidth className={ACT} icon={<WifiOff aria-hidden="true" />} isDisabled={!isConnected} isPending={isPending} pendingLabel={t('picker.takingItOf', { product: product.name })} onPress={() => onUse(entitlement)}>{t('takeOffline.open')}</Button>
          <p className="lk-small lk-soft">{t(isConnected ? 'takeOffline.why' : 'takeOffline.away')} {!isConnected && <Link href={paths.exchange}>{t('nav.exchange')}</Link>}</p>
        </>
      )}
      {obstacles.map((reason) => {
        const { title, text, next } = words(reason);
        return (
          <div key={reason.code} className="details-reason">
            <p className="details-reason-title">{title}</p>
            <p>{text} {!isAssignable && next}</p>
          </div>
        );
      })}
      {isAssignable && <Link href={organizationPath(entitlement.organization.id, 'products', entitlement.license)} variant="primary" className={ACT}>{t('details.assignYourself')}</Link>}
      {held === null && asking.isForAssignment(entitlement) && (asking.forAssignment(entitlement.license) === null
        ? <Button variant="primary" isFullWidth className={ACT} onPress={() => setAsked({ request: { kind: 'assignment', license: entitlement.license } })}>{ask('assignment')}</Button>
        : <AskedNote at={asking.forAssignment(entitlement.license)} takesFocus={hasAsked} />)}
      {elsewhere.map((holder) => (
        <Button key={holder.lease} isFullWidth className={ACT} onPress={() => onReleaseThere(entitlement, holder)}>{t('details.releaseThere', { machine: holder.machine.name })}</Button>
      ))}
      <div>
        <h3 className="details-label">{t('details.seats')}</h3>
        {isResting(entitlement)
          ? <p>{t('details.resting', { count: seats.owned })}</p>
          : (
            <SeatBar
              label={t('picker.seatsLabel', { product: product.name, ...seats })}
              seats={seats}
              legend={{ inUse: common('seats.inUse'), inTransit: common('seats.inTransit'), atRisk: common('seats.atRisk'), free: common('seats.free') }}
            />
          )}
      </div>
      {holders.length > 0 && (
        <div>
          <h3 className="details-label">{t('details.holders')}</h3>
          <ul className="details-people">
            {holders.slice(0, HOLDERS_SHOWN).map((holder) => (
              <li key={holder.lease}>
                <span>{personName(holder)}</span>
                <span className="lk-small lk-soft">{t(holder.ended ? 'details.holderEnded' : 'details.holderUntil', { machine: holder.machine.name, mode: common(`mode.${holder.mode}`), until: holder.until })}</span>
                {held === null && asking.isForRelease(entitlement) && !holder.yours && !holder.ended && holder.person !== null && (asking.forRelease(holder.lease) === null
                  ? (
                    <span className="details-ask">
                      <Button size="small" aria-label={ask('releaseOf', { person: personName(holder), product: product.name })} onPress={() => setAsked({ request: { kind: 'release', lease: holder.lease }, person: personName(holder) })}>{ask('release')}</Button>
                    </span>
                  )
                  : <AskedNote at={asking.forRelease(holder.lease)} takesFocus={hasAsked} />)}
              </li>
            ))}
            {holders.length > HOLDERS_SHOWN && <li className="lk-small lk-soft">{t('details.moreHolders', { count: holders.length - HOLDERS_SHOWN })}</li>}
          </ul>
        </div>
      )}
      {obstacles.length > 0 && held === null && contacts.length > 0 && !isOwnLimit && (
        <div>
          <h3 className="details-label">{t(isResting(entitlement) ? 'details.ask' : 'details.contacts')}</h3>
          <ul className="details-people">{contacts.map((contact) => <ContactLine key={contact.email} contact={contact} isMe={contact.email === me} />)}</ul>
        </div>
      )}
      <KeyValueList
        layout="columns"
        items={[
          { term: t('details.modes'), value: period },
          { term: t('details.valid'), value: validity },
        ]}
      />
      {features.length > 0 && (
        <div>
          <h3 className="details-label">{t('details.features')}</h3>
          <div className="details-features">{features.map((feature) => <Badge key={feature}>{feature}</Badge>)}</div>
        </div>
      )}
      {asked !== null && (
        <Suspense fallback={null}>
          <AskDialog {...asked} organization={entitlement.organization} product={product.name} onClose={() => setAsked(null)} onAsked={() => { setHasAsked(true); asking.refresh(); }} />
        </Suspense>
      )}
    </>
  );
};

const ContactLine = ({ contact: { name, email, role }, isMe }: { readonly contact: Contact; readonly isMe: boolean }) => {
  const t = useWords();
  const common = useCommonWords();
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    if (!(await copyText(email))) return;
    setCopied(true);
    notify({ title: t('details.copied'), text: email });
  };
  return (
    <li className="details-contact">
      <span className="details-contact-words">
        <span>{name} <span className="lk-small lk-soft">{isMe ? t('details.you', { role: common(`role.${role}`) }) : common(`role.${role}`)}</span></span>
        <span className="lk-small lk-soft details-email">{email}</span>
      </span>
      {!isMe && <IconButton size="small" label={t('details.copyEmail', { name })} icon={isCopied ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />} onPress={() => void copy()} />}
    </li>
  );
};
