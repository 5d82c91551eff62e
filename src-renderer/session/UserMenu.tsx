import { Building2, ChevronDown, LogOut, Star, UserRoundCog } from 'lucide-react';
import type { Account } from '../../src-shared/http/index.ts';
import { accountPath } from '../account/paths.ts';
import type { session } from '../messages/en/session.ts';
import { useCommonWords, wordsHook } from '../messages/words.ts';
import { Button, Menu, MenuItem, MenuSection, MenuSeparator, MenuTrigger } from '../ui/index.ts';
import { useSignInWords } from './words.ts';
import './session.css';

const useWords = wordsHook<typeof session>('session');

export type UserMenuProps = {
  readonly account: Account;
  /** The organization shown now. */
  readonly organization: string | null;
  readonly onChooseOrganization: (organization: string) => void;
  readonly onSetDefault: (organization: string) => void;
  readonly onLogOut: () => void;
};

/** At the top right: who is signed in, which organization is shown, and the way out. */
export const UserMenu = ({ account, organization, onChooseOrganization, onSetDefault, onLogOut }: UserMenuProps) => {
  const t = useWords();
  const common = useCommonWords();
  const said = useSignInWords();
  const shown = account.organizations.find(({ id }) => id === organization);
  const isDefault = shown !== undefined && shown.id === account.defaultOrganization;
  return (
    <MenuTrigger>
      <Button variant="quiet" trailingIcon={<ChevronDown aria-hidden="true" />} className="user-button">
        <span className="user-initials" aria-hidden="true">{initials(account.user.name)}</span>
        <span className="user-name">{account.user.name}</span>
      </Button>
      <Menu
        aria-label={t('menu.label', { name: account.user.name })}
        placement="bottom end"
        head={<><p className="user-head-name">{account.user.name}</p><p className="lk-small lk-soft">{account.user.email}</p></>}
      >
        {account.organizations.length > 0 && (
          <MenuSection title={t('menu.organization')} selected={organization} onSelect={onChooseOrganization}>
            {account.organizations.map(({ id, name, role }) => (
              <MenuItem key={id} id={id} textValue={name} text={id === account.defaultOrganization ? `${common(`role.${role}`)} · ${t('menu.isDefault')}` : common(`role.${role}`)}>{name}</MenuItem>
            ))}
          </MenuSection>
        )}
        {account.organizations.length > 0 && <MenuSeparator />}
        {shown === undefined
          ? <MenuItem key="none" id="none" icon={<Building2 aria-hidden="true" />} isDisabled>{t('menu.noOrganization')}</MenuItem>
          : (
            <MenuItem key="default" id="default" icon={<Star aria-hidden="true" />} isDisabled={isDefault} text={t('menu.setDefaultText')} onAction={() => onSetDefault(shown.id)}>
              {t(isDefault ? 'menu.isDefaultAlready' : 'menu.setDefault', { name: shown.name })}
            </MenuItem>
          )}
        <MenuSeparator />
        <MenuItem id="account" icon={<UserRoundCog aria-hidden="true" />} href={accountPath()}>{said('manage')}</MenuItem>
        <MenuItem id="log-out" icon={<LogOut aria-hidden="true" />} onAction={onLogOut}>{t('menu.logOut')}</MenuItem>
      </Menu>
    </MenuTrigger>
  );
};

const initials = (name: string): string => {
  const parts = name.trim().split(/\s+/);
  return [parts[0], parts.length > 1 ? parts.at(-1) : undefined].map((part) => [...(part ?? '')][0] ?? '').join('').toLocaleUpperCase();
};
