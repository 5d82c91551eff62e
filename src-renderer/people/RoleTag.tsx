import { ChevronDown } from 'lucide-react';
import { rolesGivenBy } from '../../src-shared/role.ts';
import type { Role } from '../../src-shared/role.ts';
import { useOrganization } from '../authority/index.ts';
import { useCommonWords } from '../messages/words.ts';
import { Badge, Button, Menu, MenuItem, MenuSection, MenuTrigger } from '../ui/index.ts';
import type { Tone } from '../ui/index.ts';
import { usePeopleWords } from './words.ts';
import './people.css';

const tones: { readonly [R in Role]: Tone } = { owner: 'brass', manager: 'info', editor: 'ok', reader: 'neutral' };

export type RoleTagProps = {
  readonly role: Role;
  /** What the button says, such as "Change the role of Ida, now Editor". */
  readonly label: string;
  readonly onChange: (role: Role) => void;
  readonly isFixed?: boolean | undefined;
};

/** A role as a tag; for those who may give another one, the tag opens the choice. */
export const RoleTag = ({ role, label, onChange, isFixed = false }: RoleTagProps) => {
  const t = usePeopleWords();
  const common = useCommonWords();
  const own = useOrganization().role;
  const given = rolesGivenBy(own);
  if (isFixed || !given.includes(role)) return <Badge tone={tones[role]}>{common(`role.${role}`)}</Badge>;
  return (
    <MenuTrigger>
      <Button variant="quiet" size="small" className="role-tag" aria-label={label} trailingIcon={<ChevronDown aria-hidden="true" />}>
        <Badge tone={tones[role]}>{common(`role.${role}`)}</Badge>
      </Button>
      <Menu aria-label={label}>
        <MenuSection aria-label={label} selected={role} onSelect={(next) => next !== role && onChange(next)}>
          {given.map((each) => <MenuItem key={each} id={each} textValue={common(`role.${each}`)} text={t(`roleText.${each}`)}>{common(`role.${each}`)}</MenuItem>)}
        </MenuSection>
      </Menu>
    </MenuTrigger>
  );
};
