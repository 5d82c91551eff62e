import type { ClusterLocation } from '../../src-shared/http/organizations.ts';
import { RadioGroup } from '../ui/index.ts';
import { useOrganizationWords } from './words.ts';

const locations = ['eu', 'us', 'ap'] as const satisfies readonly ClusterLocation[];

export type ClusterChoiceProps = { readonly value: ClusterLocation; readonly onChange: (location: ClusterLocation) => void; readonly isDisabled?: boolean | undefined };

/** Where cloud data of an organization is processed and stored. */
export const ClusterChoice = ({ value, onChange, isDisabled = false }: ClusterChoiceProps) => {
  const t = useOrganizationWords();
  return (
    <RadioGroup
      label={t('create.cluster')}
      description={t('clusterNote')}
      value={value}
      onChange={onChange}
      isDisabled={isDisabled}
      options={locations.map((each) => ({ id: each, label: t(`cluster.${each}`) }))}
    />
  );
};
