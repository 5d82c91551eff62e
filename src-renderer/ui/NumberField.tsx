import { ChevronDown, ChevronUp } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { Group } from 'react-aria-components/Group'
import { Input } from 'react-aria-components/Input'
import { NumberField as AriaNumberField, type NumberFieldProps as AriaNumberFieldProps } from 'react-aria-components/NumberField'
import { classNames } from './class-names.ts'
import { type Common, type Cut, FieldLabel, hasError, Notes } from './Field.tsx'
import './field.css'

export type NumberFieldProps = Omit<AriaNumberFieldProps, Cut> & Common & {
  /** A unit after the number. */
  suffix?: ReactNode
}

export const NumberField = ({ label, isLabelHidden, description, error, placeholder = '', className, suffix, ...rest }: NumberFieldProps) => (
  <AriaNumberField {...rest} isInvalid={hasError(error)} className={classNames('lk-field lk-number', className)}>
    <FieldLabel label={label} isHidden={isLabelHidden} />
    <Group className="lk-input-group">
      <Input placeholder={placeholder} className="lk-input lk-numeric" />
      {suffix !== undefined && <span className="lk-input-suffix">{suffix}</span>}
      <span className="lk-number-steps">
        <AriaButton slot="increment"><ChevronUp aria-hidden="true" /></AriaButton>
        <AriaButton slot="decrement"><ChevronDown aria-hidden="true" /></AriaButton>
      </span>
    </Group>
    <Notes description={description} error={error} />
  </AriaNumberField>
)
