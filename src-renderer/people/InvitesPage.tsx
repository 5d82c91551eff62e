import { MailPlus, SearchX } from 'lucide-react';
import { useState } from 'react';
import type { Invite } from '../../src-shared/http/people.ts';
import type { Role } from '../../src-shared/role.ts';
import { useAct, useCall, useOrganization, useQuery } from '../authority/index.ts';
import { Pager } from '../holdings/Pager.tsx';
import { useLast, usePaging } from '../holdings/paging.ts';
import { useIsNarrow } from '../window/use-media.ts';
import { useCommonWords, useLanguage } from '../messages/words.ts';
import { ProblemText } from '../problem/ProblemNote.tsx';
import { Badge, Button, Card, ConfirmDialog, EmptyState, notify, PastTime, SearchField, SegmentedControl, Table, Time } from '../ui/index.ts';
import type { TableColumn, Tone } from '../ui/index.ts';
import { PeopleFrame } from './PeopleFrame.tsx';
import { RoleTag } from './RoleTag.tsx';
import { usePeopleWords, useRefusal } from './words.ts';

const tones: { readonly [S in Invite['status']]: Tone } = { pending: 'info', expired: 'warn', accepted: 'ok', declined: 'neutral', cancelled: 'neutral' };
const isOpen = ({ status }: Invite): boolean => status === 'pending' || status === 'expired';

/** Who was invited, how it stands, and the way to send it again, change its role or cancel it. */
export const InvitesPage = () => {
  const t = usePeopleWords();
  const common = useCommonWords();
  const locale = useLanguage();
  const organization = useOrganization();
  const isNarrow = useIsNarrow();
  const call = useCall();
  const tell = useRefusal();
  const paging = usePaging();
  const [status, setStatus] = useState<'open' | 'all'>('open');
  const [sending, setSending] = useState<string | null>(null);
  const [cancelling, setCancelling] = useState<Invite | null>(null);
  const query = useQuery('people.invites', { params: { organization: organization.id }, query: { ...paging.query, status } }, { on: ['account', 'entitlements'] });
  const list = useLast(query.value, `${organization.id} ${status}`);

  const show = (next: Invite) => query.change((value) => ({ ...value, invites: value.invites.map((each) => (each.id === next.id ? next : each)) }));
  const resend = async (invite: Invite) => {
    setSending(invite.id);
    const result = await call('people.resend', { params: { organization: organization.id, invite: invite.id } });
    setSending(null);
    if (!result.ok) return tell({ code: result.code, details: result.details });
    show(result.value);
    notify({ title: t('invites.resent', { email: invite.email }), text: t('invites.resentText') });
  };
  const give = async (invite: Invite, role: Role) => {
    show({ ...invite, role });
    const result = await call('people.editInvite', { params: { organization: organization.id, invite: invite.id }, body: { role } });
    show(result.ok ? result.value : invite);
    if (!result.ok) return tell({ code: result.code, details: result.details });
    notify({ title: t('invites.roleChanged', { email: invite.email, role: common(`role.${role}`) }) });
  };

  const columns: readonly TableColumn<Invite>[] = [
    { id: 'email', header: t('invites.email'), isRowHeader: true, cell: ({ email }) => email },
    { id: 'role', header: t('invites.role'), cell: (invite) => <RoleTag role={invite.role} isFixed={!isOpen(invite)} label={t('invites.changeRole', { email: invite.email, role: common(`role.${invite.role}`) })} onChange={(role) => void give(invite, role)} /> },
    { id: 'status', header: t('invites.status'), cell: ({ status: each }) => <Badge tone={tones[each]} hasDot>{t(`invites.state.${each}`)}</Badge> },
    { id: 'sent', header: t('invites.sent'), cell: ({ sentAt }) => <PastTime seconds={sentAt} locale={locale} /> },
    { id: 'expires', header: t('invites.expires'), cell: (invite) => (isOpen(invite) ? <Time seconds={invite.expiresAt} locale={locale} format="dateTime" /> : '–') },
    ...(isNarrow ? [] : [{ id: 'by', header: t('invites.by'), cell: ({ invitedBy }: Invite) => <span className="lk-soft">{invitedBy}</span> }]),
    {
      id: 'actions',
      header: t('invites.actions'),
      isHeaderHidden: true,
      align: 'end',
      cell: (invite) => isOpen(invite) && (
        <span className="lk-row invite-actions">
          <Button size="small" isPending={sending === invite.id} aria-label={t('invites.resendOf', { email: invite.email })} onPress={() => void resend(invite)}>{t('invites.resend')}</Button>
          <Button size="small" variant="quiet" aria-label={t('invites.cancelOf', { email: invite.email })} onPress={() => setCancelling(invite)}>{t('invites.cancel')}</Button>
        </span>
      ),
    },
  ];
  return (
    <PeopleFrame view="invites" query={query} isThere={list !== null} loading={t('invites.loading')}>
      {list !== null && (
        <div className="lk-stack">
          <div className="people-tools">
            <SearchField label={t('invites.search')} placeholder={t('invites.search')} value={paging.search} onChange={paging.setSearch} className="people-search" />
            <SegmentedControl
              label={t('invites.show')}
              value={status}
              onChange={(next) => {
                setStatus(next);
                paging.setOffset(0);
              }}
              segments={[{ id: 'open', title: t('invites.open') }, { id: 'all', title: t('invites.all') }]}
            />
          </div>
          <Card padding="flush">
            <Table
              label={t('tabs.invites')}
              columns={columns}
              rows={list.invites}
              rowKey={({ id }) => id}
              empty={paging.query.search === ''
                ? <EmptyState icon={<MailPlus />} title={status === 'open' ? t('invites.empty.title') : t('invites.emptyAll')} text={t('invites.empty.text')} />
                : <EmptyState icon={<SearchX />} title={t('invites.noMatch', { query: paging.query.search })} action={<Button onPress={() => paging.setSearch('')}>{t('clear')}</Button>} />}
            />
          </Card>
          <Pager list={t('tabs.invites')} offset={paging.offset} limit={paging.limit} total={list.total} onChange={paging.setOffset} />
          <p role="status" className="lk-hidden-text">{t('invites.count', { count: list.total })}</p>
        </div>
      )}
      {cancelling !== null && <CancelDialog invite={cancelling} onClose={() => setCancelling(null)} onCancelled={() => void query.refresh()} />}
    </PeopleFrame>
  );
};

const CancelDialog = ({ invite, onClose, onCancelled }: { readonly invite: Invite; readonly onClose: () => void; readonly onCancelled: () => void }) => {
  const t = usePeopleWords();
  const organization = useOrganization();
  const { run, isPending, problem } = useAct('people.cancelInvite');
  const cancel = async () => {
    const result = await run({ params: { organization: organization.id, invite: invite.id } });
    if (!result.ok) return;
    notify({ title: t('invites.cancelled', { email: invite.email }) });
    onCancelled();
    onClose();
  };
  return (
    <ConfirmDialog
      isOpen
      onOpenChange={onClose}
      title={t('invites.cancelTitle', { email: invite.email })}
      confirmLabel={t('invites.cancel')}
      cancelLabel={t('invites.cancelKeep')}
      isDanger
      isPending={isPending}
      pendingLabel={t('invites.cancelling')}
      onConfirm={() => void cancel()}
      error={problem !== null && <ProblemText problem={problem} />}
    >
      <p>{t('invites.cancelText')}</p>
    </ConfirmDialog>
  );
};
