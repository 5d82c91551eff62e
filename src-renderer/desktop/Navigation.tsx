import { ArrowLeftRight, KeyRound, Monitor, Settings, SquareMousePointer } from 'lucide-react';
import { NavItem, NavSection } from '../ui/index.ts';
import { paths } from './paths.ts';
import { useDesktopState } from './use-desktop.ts';
import { useWords } from './words.ts';

const Count = ({ number, label }: { readonly number: number; readonly label: string }) =>
  number === 0 ? null : <span><span aria-hidden="true">{number}</span><span className="lk-hidden-text">{label}</span></span>;

/** The pages that make sense on this machine: without an authority there is nothing to pick or to list. */
export const Navigation = ({ path }: { readonly path: string }) => {
  const t = useWords();
  const leases = useDesktopState((state) => state.leases.length);
  const requests = useDesktopState((state) => state.requests.length);
  const hasAuthority = useDesktopState((state) => state.connection.state !== 'none');
  return (
    <NavSection>
      <NavItem href={paths.lease} icon={<KeyRound />} isActive={path.startsWith(paths.lease)} aside={<Count number={leases} label={t('nav.leases', { count: leases })} />}>{t('nav.lease')}</NavItem>
      {hasAuthority && <NavItem href={paths.picker} icon={<SquareMousePointer />} isActive={path.startsWith(paths.picker)}>{t('nav.picker')}</NavItem>}
      {hasAuthority && <NavItem href={paths['my-licenses']} icon={<Monitor />} isActive={path === paths['my-licenses']}>{t('nav.my-licenses')}</NavItem>}
      <NavItem href={paths.exchange} icon={<ArrowLeftRight />} isActive={path.startsWith(paths.exchange)} aside={<Count number={requests} label={t('nav.requests', { count: requests })} />}>{t('nav.exchange')}</NavItem>
      <NavItem href={paths.settings} icon={<Settings />} isActive={path === paths.settings}>{t('nav.settings')}</NavItem>
    </NavSection>
  );
};
