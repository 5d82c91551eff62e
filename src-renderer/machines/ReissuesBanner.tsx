import { organizationPath, useOrganization, useQuery } from '../authority/index.ts';
import { useHoldingsWords } from '../holdings/words.ts';
import { Banner, Link } from '../ui/index.ts';

/** Says that a key was revoked and machines still hold files that it signed; the list with the step for each is behind it. */
export const ReissuesBanner = () => {
  const t = useHoldingsWords();
  const organization = useOrganization();
  const { value } = useQuery('holdings.reissues', { params: { organization: organization.id }, query: { limit: 1 } }, { on: ['entitlements', 'lease', 'keys'] });
  if (value === null || value.total === 0 || value.keyset === null || value.revokedAt === null) return null;
  const waiting = value.total - value.byThemselves;
  return (
    <Banner
      tone={waiting > 0 ? 'warn' : 'info'}
      title={t('reissues.banner', { count: value.total, at: value.revokedAt })}
      action={<Link href={organizationPath(organization.id, 'machines', 'reissues')} variant="button">{t('reissues.show')}</Link>}
    >
      {[
        ...(value.byThemselves > 0 ? [t('reissues.online', { count: value.byThemselves })] : []),
        ...(waiting > 0 ? [t('reissues.offline', { count: waiting, keyset: value.keyset.version })] : []),
      ].join(' ')}
    </Banner>
  );
};
