import { Trans } from 'react-i18next';
import type { CallValue } from '../authority/index.ts';
import { useCommonWords, useLanguage } from '../messages/words.ts';
import { Card, KeyValueList, Time } from '../ui/index.ts';
import { useInvitationWords } from './words.ts';

export type Invitation = CallValue<'people.readInvitation'>;

/** What an invitation offers, by whom and until when. */
export const Offered = ({ invitation: { organization, email, role, invitedBy, expiresAt } }: { readonly invitation: Invitation }) => {
  const t = useInvitationWords();
  const common = useCommonWords();
  const locale = useLanguage();
  return (
    <Card>
      <KeyValueList
        items={[
          { term: t('organization'), value: organization.name },
          { term: t('role'), value: common(`role.${role}`) },
          { term: t('for'), value: email },
          { term: t('by'), value: invitedBy },
        ]}
      />
      <p className="lk-small lk-soft invitation-ends"><Trans ns="invitation" i18nKey="ends" components={{ at: <Time seconds={expiresAt} locale={locale} /> }} /></p>
    </Card>
  );
};
