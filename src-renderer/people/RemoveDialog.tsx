import { useEffect, useState } from 'react';
import type { Problem } from '../../src-shared/desktop.ts';
import type { Lease } from '../../src-shared/lease.ts';
import { useCall, useOrganization } from '../authority/index.ts';
import type { CallValue } from '../authority/index.ts';
import { useCommonWords, useLanguage } from '../messages/words.ts';
import { ProblemText } from '../problem/ProblemNote.tsx';
import { Banner, ConfirmDialog, notify, Spinner, Time } from '../ui/index.ts';
import { Trans } from 'react-i18next';
import { usePeopleWords } from './words.ts';

type Outcome = CallValue<'people.remove'>;
export type RemoveDialogProps = {
  /** `name`: such that it tells them apart. */
  readonly people: readonly { readonly id: string; readonly name: string }[];
  readonly onClose: () => void;
  readonly onRemoved: () => void;
};

/** Shows what removing would do, what stays at risk first, and does it when that is confirmed. */
export const RemoveDialog = ({ people, onClose, onRemoved }: RemoveDialogProps) => {
  const t = usePeopleWords();
  const common = useCommonWords();
  const call = useCall();
  const organization = useOrganization();
  const [preview, setPreview] = useState<Outcome | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isPending, setPending] = useState(false);
  const ids = people.map(({ id }) => id).join(' ');
  useEffect(() => {
    const controller = new AbortController();
    void call('people.remove', { params: { organization: organization.id }, body: { people: ids.split(' '), confirm: false } }, { signal: controller.signal }).then((result) => {
      if (controller.signal.aborted) return;
      if (result.ok) setPreview(result.value);
      else setProblem({ code: result.code, details: result.details });
    });
    return () => controller.abort();
  }, [call, organization.id, ids]);

  const remove = async () => {
    setPending(true);
    setProblem(null);
    const result = await call('people.remove', { params: { organization: organization.id }, body: { people: ids.split(' '), confirm: true } });
    setPending(false);
    if (!result.ok) return setProblem({ code: result.code, details: result.details });
    const { atRisk } = result.value;
    notify({
      tone: atRisk.length > 0 ? 'warn' : 'ok',
      title: t('removing.done', { count: people.length, name: people[0]?.name }),
      text: [t('removing.doneText'), atRisk.length > 0 && t('removing.doneAtRisk', { count: atRisk.length })].filter(Boolean).join(' '),
    });
    onRemoved();
    onClose();
  };
  const why = problem?.details['why'];
  return (
    <ConfirmDialog
      isOpen
      onOpenChange={onClose}
      title={t('removing.title', { count: people.length, name: people[0]?.name, organization: organization.name })}
      confirmLabel={t('removing.action', { count: people.length })}
      cancelLabel={common('actions.cancel')}
      onConfirm={() => void remove()}
      isDanger
      isPending={isPending}
      pendingLabel={t('removing.pending')}
      isConfirmDisabled={preview === null}
      error={problem !== null && (why === 'last-owner' ? t('why.last-owner') : <ProblemText problem={problem} />)}
    >
      <div className="lk-stack">
        {people.length > 1 && <p className="remove-names">{people.map(({ name }) => name).join(', ')}</p>}
        <p>{t('removing.text')}</p>
        {preview === null && problem === null && <Spinner label={t('removing.checking')} isLabelVisible />}
        {preview !== null && <Effect preview={preview} people={people} />}
      </div>
    </ConfirmDialog>
  );
};

const Effect = ({ preview: { atRisk, ended, invites }, people }: { readonly preview: Outcome } & Pick<RemoveDialogProps, 'people'>) => {
  const t = usePeopleWords();
  const locale = useLanguage();
  const say = (lease: Lease) => {
    const facts = { product: lease.product.name, machine: lease.machine.name, person: people.find(({ id }) => id === lease.holder?.id)?.name ?? lease.holder?.name };
    return people.length === 1 || lease.holder === null ? t('removing.on', facts) : t('removing.of', facts);
  };
  return (
    <>
      {atRisk.length === 0 && ended.length === 0 && <p className="lk-soft">{t('removing.nothing')}</p>}
      {atRisk.length > 0 && (
        <Banner tone="warn" title={t('removing.atRisk', { count: atRisk.length })}>
          <p>{t('removing.atRiskText')}</p>
          <ul className="remove-leases">
            {atRisk.map((lease) => (
              <li key={lease.id}>
                {say(lease)}, <strong><Trans ns="people" i18nKey="removing.atRiskUntil" components={{ at: <Time seconds={lease.busyUntil} locale={locale} /> }} /></strong>
              </li>
            ))}
          </ul>
        </Banner>
      )}
      {ended.length > 0 && (
        <div>
          <p>{t('removing.ended', { count: ended.length })}:</p>
          <ul className="remove-leases">{ended.map((lease) => <li key={lease.id}>{say(lease)}</li>)}</ul>
        </div>
      )}
      {invites.length > 0 && (
        <div>
          <p>{t('removing.invites', { count: invites.length })}:</p>
          <ul className="remove-leases">{invites.map(({ id, email }) => <li key={id}>{email}</li>)}</ul>
        </div>
      )}
    </>
  );
};
