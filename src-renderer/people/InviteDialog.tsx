import { useDeferredValue, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { rolesGivenBy } from '../../src-shared/role.ts';
import type { Role } from '../../src-shared/role.ts';
import { organizationPath, useAct, useOrganization } from '../authority/index.ts';
import type { CallValue } from '../authority/index.ts';
import { useCommonWords } from '../messages/words.ts';
import { ProblemText } from '../problem/ProblemNote.tsx';
import { Banner, Button, Dialog, FormError, RadioGroup, TextField } from '../ui/index.ts';
import { readAddresses } from './addresses.ts';
import type { Addresses } from './addresses.ts';
import { usePeopleWords } from './words.ts';

const MOST = 500;
const SHOWN = 8;

type Outcome = CallValue<'people.invite'>;
export type InviteDialogProps = { readonly onClose: () => void; readonly onSent: () => void; readonly isOnInvites: boolean };

/** One or many addresses and a role; what is wrong with them stands there before anything is sent. */
export const InviteDialog = ({ onClose, onSent, isOnInvites }: InviteDialogProps) => {
  const t = usePeopleWords();
  const common = useCommonWords();
  const organization = useOrganization();
  const [, navigate] = useLocation();
  const [text, setText] = useState('');
  const [role, setRole] = useState<Role>('editor');
  const [isAsked, setAsked] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const { run, isPending, problem, clear } = useAct('people.invite');
  const read = useDeferredValue(text);
  const addresses = useMemo(() => readAddresses(read), [read]);
  const count = Math.min(addresses.good.length, MOST);

  const send = async () => {
    setAsked(true);
    const { good } = readAddresses(text);
    if (good.length === 0) return;
    const result = await run({ params: { organization: organization.id }, body: { addresses: good.slice(0, MOST), role } });
    if (!result.ok) return;
    onSent();
    setOutcome(result.value);
  };
  const see = () => {
    onClose();
    navigate(organizationPath(organization.id, 'invites'));
  };

  if (outcome !== null) {
    return (
      <Dialog
        isOpen
        onOpenChange={onClose}
        title={t('inviting.title', { organization: organization.name })}
        actions={(
          <>
            {!isOnInvites && <Button onPress={see}>{t('inviting.seeInvites')}</Button>}
            <Button variant="primary" autoFocus onPress={onClose}>{t('inviting.done')}</Button>
          </>
        )}
      >
        <Sent outcome={outcome} />
      </Dialog>
    );
  }
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      isBusy={isPending}
      title={t('inviting.title', { organization: organization.name })}
      actions={(
        <>
          <Button onPress={onClose} isDisabled={isPending}>{common('actions.cancel')}</Button>
          <Button variant="primary" isPending={isPending} pendingLabel={t('inviting.pending')} onPress={() => void send()}>{t('inviting.action', { count: Math.max(1, count) })}</Button>
        </>
      )}
    >
      <div className="lk-stack">
        <TextField
          label={t('inviting.addresses')}
          description={t('inviting.addressesText')}
          placeholder={t('inviting.placeholder')}
          rows={5}
          value={text}
          onChange={(next) => {
            setText(next);
            clear();
          }}
          autoFocus
          error={isAsked && addresses.good.length === 0 ? t('inviting.none') : undefined}
        />
        <Findings addresses={addresses} />
        <RadioGroup
          label={t('inviting.role')}
          value={role}
          onChange={setRole}
          options={rolesGivenBy(organization.role).map((each) => ({ id: each, label: common(`role.${each}`), text: t(`roleText.${each}`) }))}
        />
        <FormError>{problem !== null && <ProblemText problem={problem} />}</FormError>
      </div>
    </Dialog>
  );
};

const Findings = ({ addresses: { good, malformed, duplicates } }: { readonly addresses: Addresses }) => {
  const t = usePeopleWords();
  return (
    <div role="status" className="invite-findings">
      {good.length > 0 && <p>{t('inviting.found', { count: good.length })}</p>}
      {good.length > MOST && <p className="invite-warn">{t('inviting.tooMany', { most: MOST })}</p>}
      {malformed.length > 0 && <Finding words={t('inviting.malformed', { count: malformed.length })}>{malformed}</Finding>}
      {duplicates.length > 0 && <Finding words={t('inviting.duplicate', { count: duplicates.length })}>{duplicates}</Finding>}
    </div>
  );
};

const Finding = ({ words, children }: { readonly words: ReactNode; readonly children: readonly string[] }) => (
  <div className="invite-finding">
    <p className="invite-warn">{words}:</p>
    <ul>{[...new Set(children)].slice(0, SHOWN).map((each) => <li key={each} className="lk-mono">{each}</li>)}{children.length > SHOWN && <li>…</li>}</ul>
  </div>
);

const Sent = ({ outcome: { invites, refused } }: { readonly outcome: Outcome }) => {
  const t = usePeopleWords();
  return (
    <div className="lk-stack">
      {invites.length > 0 && <Banner tone="ok" live="status" title={t('inviting.sent', { count: invites.length })}>{t('inviting.sentText', { count: invites.length })}</Banner>}
      {refused.length > 0 && (
        <Banner tone="warn" live="status" title={t('inviting.refused', { count: refused.length })}>
          <ul className="invite-refused">{refused.map(({ address, why }) => <li key={address}><strong>{address}</strong> {t(`inviting.why.${why}`)}</li>)}</ul>
        </Banner>
      )}
    </div>
  );
};
