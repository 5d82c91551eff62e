import { useLocation } from 'wouter';
import type { Organization } from '../../src-shared/http/organizations.ts';
import { organizationsPath, useAct, usePerson } from '../authority/index.ts';
import { useCommonWords } from '../messages/words.ts';
import { ConfirmDialog, notify } from '../ui/index.ts';
import { Refused } from './Refused.tsx';
import { useOrganizationWords } from './words.ts';

export const LeaveDialog = ({ organization: { id, name }, onClose }: { readonly organization: Organization; readonly onClose: () => void }) => {
  const t = useOrganizationWords();
  const common = useCommonWords();
  const { refresh } = usePerson();
  const [, navigate] = useLocation();
  const { run, isPending, problem } = useAct('organizations.leave');
  const leave = async () => {
    const result = await run({ params: { organization: id } });
    if (!result.ok) return;
    onClose();
    notify({ title: t('settings.left', { name }) });
    navigate(organizationsPath);
    await refresh();
  };
  return (
    <ConfirmDialog
      isOpen
      onOpenChange={onClose}
      title={t('settings.leaveTitle', { name })}
      confirmLabel={t('settings.leave')}
      cancelLabel={common('actions.cancel')}
      isDanger
      isPending={isPending}
      pendingLabel={t('settings.leaving')}
      onConfirm={() => void leave()}
      error={problem !== null && (problem.details['why'] === 'last-owner' ? t('settings.lastOwner') : <Refused problem={problem} />)}
    >
      <p>{t('settings.leaveConfirm', { name })}</p>
    </ConfirmDialog>
  );
};
