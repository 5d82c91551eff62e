import { Check, Minus } from 'lucide-react'
import type { ReactNode } from 'react'
import { Checkbox as AriaCheckbox, type CheckboxProps as AriaCheckboxProps } from 'react-aria-components/Checkbox'
import { FieldError } from 'react-aria-components/FieldError'
import { Label } from 'react-aria-components/Label'
import { Radio, RadioGroup as AriaRadioGroup } from 'react-aria-components/RadioGroup'
import { Switch as AriaSwitch, type SwitchProps as AriaSwitchProps } from 'react-aria-components/Switch'
import { Text } from 'react-aria-components/Text'
import { classNames } from './class-names.ts'
import './choice.css'

type Words = {
  children: ReactNode
  /** A second, quieter line. */
  text?: ReactNode
  className?: string | undefined
}

const ChoiceWords = ({ children, text }: { readonly children: ReactNode, readonly text: ReactNode }) => (
  <span className="lk-choice-words">
    <span>{children}</span>
    {text !== undefined && text !== null && <span className="lk-choice-text">{text}</span>}
  </span>
)

export type CheckboxProps = Omit<AriaCheckboxProps, 'className' | 'style' | 'children'> & Words

export const Checkbox = ({ children, text, className, ...rest }: CheckboxProps) => (
  <AriaCheckbox {...rest} className={classNames('lk-choice lk-checkbox', className)}>
    {({ isIndeterminate }) => (
      <>
        <span className="lk-choice-box">{isIndeterminate ? <Minus aria-hidden="true" /> : <Check aria-hidden="true" />}</span>
        <ChoiceWords text={text}>{children}</ChoiceWords>
      </>
    )}
  </AriaCheckbox>
)

export type SwitchProps = Omit<AriaSwitchProps, 'className' | 'style' | 'children'> & Words

/** A setting that takes effect at once. */
export const Switch = ({ children, text, className, ...rest }: SwitchProps) => (
  <AriaSwitch {...rest} className={classNames('lk-choice lk-switch', className)}>
    <span className="lk-switch-track"><span className="lk-switch-thumb" /></span>
    <ChoiceWords text={text}>{children}</ChoiceWords>
  </AriaSwitch>
)

export type RadioOption<Id extends string = string> = {
  readonly id: Id
  readonly label: ReactNode
  readonly text?: ReactNode
  readonly icon?: ReactNode
  readonly isDisabled?: boolean | undefined
}

export type RadioGroupProps<Id extends string = string> = {
  label: string
  isLabelHidden?: boolean | undefined
  options: readonly RadioOption<Id>[]
  value: Id | null
  onChange: (value: Id) => void
  /** `cards` gives each option a frame of its own; `columns` sets cards side by side where there is room. */
  variant?: 'list' | 'cards' | 'columns' | undefined
  description?: ReactNode
  error?: ReactNode
  isDisabled?: boolean | undefined
}

export const RadioGroup = <Id extends string = string>({
  label, isLabelHidden = false, options, value, onChange, variant = 'list', description, error, isDisabled = false,
}: RadioGroupProps<Id>) => (
  <AriaRadioGroup
    value={value}
    onChange={(next) => {
      const option = options.find(({ id }) => id === next)
      if (option !== undefined) onChange(option.id)
    }}
    isDisabled={isDisabled}
    isInvalid={error !== undefined && error !== null && error !== ''}
    className="lk-field"
  >
    <Label className={isLabelHidden ? 'lk-hidden-text' : 'lk-label'}>{label}</Label>
    <div className="lk-radios" data-variant={variant}>
      {options.map((option) => (
        <Radio key={option.id} value={option.id} isDisabled={option.isDisabled ?? false} className="lk-choice lk-radio">
          <span className="lk-radio-dot" />
          {option.icon !== undefined && <span className="lk-choice-icon">{option.icon}</span>}
          <ChoiceWords text={option.text}>{option.label}</ChoiceWords>
        </Radio>
      ))}
    </div>
    {description !== undefined && <Text slot="description" className="lk-description">{description}</Text>}
    <FieldError className="lk-error">{error}</FieldError>
  </AriaRadioGroup>
)
