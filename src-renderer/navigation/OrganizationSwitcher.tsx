import { ChevronsUpDown, LayoutGrid, Star } from 'lucide-react';
import { useLocation } from 'wouter';
import { organizationOf, organizationPath, organizationsPath, usePerson } from '../authority/index.ts';
import type { OrganizationPage } from '../authority/index.ts';
import { useCommonWords } from '../messages/words.ts';
import { useProblemWords } from '../problem/ProblemNote.tsx';
import { Button, Menu, MenuItem, MenuSection, MenuSeparator, MenuTrigger, notify } from '../ui/index.ts';
import { canOpen, pageOf } from './pages.ts';
import { useNavigationWords } from './words.ts';
import './navigation.css';

/** At the top left: the organization shown, the way to another, and to all of them. `onChange` hears of the choice. */
export const OrganizationSwitcher = ({ onChange }: { readonly onChange?: ((organization: string) => void) | undefined }) => {
  const t = useNavigationWords();
  const common = useCommonWords();
  const problemWords = useProblemWords();
  const { account, organization, setDefault } = usePerson();
  const [path, navigate] = useLocation();
  const { organizations, defaultOrganization } = account;

  const change = (id: string) => {
    onChange?.(id);
    const role = organizations.find((each) => each.id === id)?.role;
    // On an organization's page, the same page of the other one; elsewhere one stays where one is in the app, and goes home in the portal.
    const page: OrganizationPage = (organizationOf(path) === null ? null : pageOf(path)) ?? 'home';
    if (onChange !== undefined && organizationOf(path) === null) return;
    navigate(organizationPath(id, role !== undefined && canOpen(role, page) ? page : 'home'));
  };
  const makeDefault = async (id: string, name: string) => {
    const result = await setDefault(id);
    if (result.ok) return notify({ title: t('defaultSet', { name }) });
    const { title, next } = problemWords({ code: result.code, details: result.details });
    notify({ tone: 'danger', title, text: next });
  };

  const name = organization?.name ?? (organizations.length === 0 ? t('none') : t('organizations'));
  const isDefault = organization !== null && organization.id === defaultOrganization;
  return (
    <MenuTrigger>
      <Button isFullWidth className="switcher-button" trailingIcon={<ChevronsUpDown aria-hidden="true" />}>
        <span className="lk-hidden-text">{t('change')}:</span>
        <span className="switcher-mark" aria-hidden="true">{organization === null ? <LayoutGrid size={14} /> : [...name][0]?.toLocaleUpperCase()}</span>
        <span className="switcher-words">
          <span className="lk-truncate">{name}</span>
          {organization !== null && <span className="switcher-role">{common(`role.${organization.role}`)}</span>}
        </span>
      </Button>
      <Menu aria-label={t('change')}>
        {organizations.length > 0 && (
          <MenuSection title={t('change')} selected={organization?.id ?? null} onSelect={change}>
            {organizations.map((each) => (
              <MenuItem
                key={each.id}
                id={each.id}
                textValue={each.name}
                text={each.id === defaultOrganization ? `${common(`role.${each.role}`)} · ${t('default')}` : common(`role.${each.role}`)}
              >
                {each.name}
              </MenuItem>
            ))}
          </MenuSection>
        )}
        {organizations.length > 0 && <MenuSeparator />}
        {organization !== null && (
          <MenuItem id="set-default" icon={<Star aria-hidden="true" />} text={t('setDefaultText')} isDisabled={isDefault} onAction={() => void makeDefault(organization.id, organization.name)}>
            {t(isDefault ? 'isDefault' : 'setDefault', { name: organization.name })}
          </MenuItem>
        )}
        <MenuItem id="all" icon={<LayoutGrid aria-hidden="true" />} text={t('organizationsText')} onAction={() => navigate(organizationsPath)}>{t('organizations')}</MenuItem>
      </Menu>
    </MenuTrigger>
  );
};
