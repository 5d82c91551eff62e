import type { ClusterLocation } from '../../src-shared/http/schema.ts';
import { useCommonWords } from '../messages/words.ts';
import { RadioGroup } from '../ui/index.ts';

const locations = ['eu', 'us', 'ap'] as const satisfies readonly ClusterLocation[];

export type ClusterChoiceProps = {
  readonly label: string;
  readonly description: string;
  readonly value: ClusterLocation;
  readonly onChange: (location: ClusterLocation) => void;
  readonly isDisabled?: boolean | undefined;
};

/** Where cloud data of an organization, or of a person, is processed and stored. */
export const ClusterChoice = ({ isDisabled = false, ...choice }: ClusterChoiceProps) => {
  const common = useCommonWords();
  return <RadioGroup {...choice} isDisabled={isDisabled} options={locations.map((each) => ({ id: each, label: common(`cluster.${each}`) }))} />;
};
