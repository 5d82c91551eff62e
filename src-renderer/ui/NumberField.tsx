import { ChevronDown, ChevronUp } from 'lucide-react'
import { type ReactNode, use, useLayoutEffect } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { Group } from 'react-aria-components/Group'
import { Input } from 'react-aria-components/Input'
import { NumberField as AriaNumberField, NumberFieldStateContext, type NumberFieldProps as AriaNumberFieldProps } from 'react-aria-components/NumberField'
import { classNames } from './class-names.ts'
import { type Common, type Cut, FieldLabel, hasError, Notes } from './Field.tsx'
import './field.css'

export type NumberFieldProps = Omit<AriaNumberFieldProps, Cut | 'value' | 'defaultValue' | 'onChange' | 'commitBehavior' | 'validationBehavior' | 'formatOptions'> & Common & {
  /** NaN while there is none. */
  value: number
  /** Hears of every keystroke, and of what is out of range, too: say so by `error`. */
  onChange: (value: number) => void
  /** A unit after the number. */
  suffix?: ReactNode
}

const plain: Intl.NumberFormatOptions = { useGrouping: false }

export const NumberField = ({ label, isLabelHidden, description, error, placeholder = '', className, suffix, value, onChange, ...rest }: NumberFieldProps) => (
  <AriaNumberField {...rest} value={value} onChange={onChange} formatOptions={plain} commitBehavior="validate" validationBehavior="aria" isInvalid={hasError(error)} className={classNames('lk-field lk-number', className)}>
    <Typed value={value} onChange={onChange} />
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

/**
 * React Aria tells of a number only when the field is left; what stands beside it would be about another one until then. It is told
 * before the next event is handled: Enter right after the last digit sends what was typed.
 */
const Typed = ({ value, onChange }: Pick<NumberFieldProps, 'value' | 'onChange'>) => {
  const typed = use(NumberFieldStateContext)?.numberValue ?? value
  useLayoutEffect(() => {
    if (!Object.is(typed, value)) onChange(typed)
  }, [typed, value, onChange])
  return null
}
