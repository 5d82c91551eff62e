import { ChevronDown, CircleUserRound, LogOut, UserRoundCog } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Account } from '../../../src-shared/http/index.ts';
import { accountPath } from '../../account/paths.ts';
import { useProblemWords } from '../../problem/ProblemNote.tsx';
import { useSignInWords } from '../../session/words.ts';
import { Button, Menu, MenuItem, MenuTrigger, notify } from '../../ui/index.ts';
import { signOut } from './session.ts';

/** Who is signed in, their part in each organization, and Log out. */
export const UserMenu = ({ account }: { readonly account: Account }) => {
  const { t } = useTranslation(['portal', 'common']);
  const said = useSignInWords();
  const words = useProblemWords();
  const leave = async (): Promise<void> => {
    const result = await signOut();
    if (result.ok) return;
    const { title, next } = words(result);
    notify({ tone: 'danger', title, text: next });
  };
  return (
    <MenuTrigger>
      <Button
        variant="quiet"
        icon={<CircleUserRound aria-hidden="true" />}
        trailingIcon={<ChevronDown aria-hidden="true" />}
        aria-label={t('user.menu', { name: account.user.name })}
      >
        {account.user.name}
      </Button>
      <Menu
        aria-label={t('user.menu', { name: account.user.name })}
        placement="bottom end"
        head={(
          <div className="portal-user">
            <p className="portal-user-name">{account.user.name}</p>
            <p className="lk-soft lk-small">{account.user.email}</p>
            <dl className="portal-user-roles" aria-label={t('user.roles')}>
              {account.organizations.map(({ id, name, role }) => <div key={id}><dt>{name}</dt><dd className="lk-soft">{t(`common:role.${role}`)}</dd></div>)}
            </dl>
          </div>
        )}
      >
        <MenuItem icon={<UserRoundCog aria-hidden="true" />} href={accountPath()}>{said('manage')}</MenuItem>
        <MenuItem icon={<LogOut aria-hidden="true" />} onAction={() => void leave()}>{t('common:actions.signOut')}</MenuItem>
      </Menu>
    </MenuTrigger>
  );
};
