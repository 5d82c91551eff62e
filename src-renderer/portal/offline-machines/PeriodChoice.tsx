import { useTranslation } from 'react-i18next';
import { NumberField, SegmentedControl } from '../../ui/index.ts';
import { presetsFor } from './choices.ts';

export type PeriodChoiceProps = {
  readonly days: number;
  /** What the request asks for. */
  readonly wanted: number | null;
  readonly most: number;
  readonly onChange: (days: number) => void;
  /** The license cannot be given for this long. */
  readonly isWrong: boolean;
  readonly isDisabled: boolean;
};

/** How long the license is to be usable without a network, in days. */
export const PeriodChoice = ({ days, wanted, most, onChange, isWrong, isDisabled }: PeriodChoiceProps) => {
  const { t } = useTranslation('portal');
  const presets = presetsFor(most);
  return (
    <div className="portal-period">
      <NumberField
        label={t('answer.period')}
        value={days}
        onChange={onChange}
        minValue={1}
        maxValue={most}
        suffix={t('answer.days', { count: days })}
        isDisabled={isDisabled}
        description={wanted === null ? t('answer.periodMost', { count: most }) : t('answer.periodWanted', { count: wanted, most })}
        error={isWrong && t('answer.periodWrong', { count: most })}
      />
      {presets.length > 1 && (
        <div className="portal-presets">
          <SegmentedControl
            label={t('answer.presets')}
            value={String(days)}
            onChange={(value) => onChange(Number(value))}
            segments={presets.map((preset) => ({ id: String(preset), title: t('answer.preset', { count: preset }), isDisabled }))}
          />
        </div>
      )}
    </div>
  );
};
