import { Check, ChevronsUpDown } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { FieldError } from 'react-aria-components/FieldError'
import { Label } from 'react-aria-components/Label'
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox'
import { Popover as AriaPopover } from 'react-aria-components/Popover'
import { Select as AriaSelect, SelectValue } from 'react-aria-components/Select'
import { Text } from 'react-aria-components/Text'
import { classNames } from './class-names.ts'
import './field.css'
import './overlay.css'

export type SelectOption<Id extends string = string> = {
  readonly id: Id
  readonly label: string
  /** A second, quieter line in the list. */
  readonly text?: string | undefined
  readonly icon?: ReactNode
  readonly isDisabled?: boolean | undefined
}

export type SelectProps<Id extends string = string> = {
  label: string
  isLabelHidden?: boolean | undefined
  options: readonly SelectOption<Id>[]
  value: Id | null
  onChange: (value: Id) => void
  placeholder?: string | undefined
  description?: ReactNode
  error?: ReactNode
  name?: string | undefined
  isDisabled?: boolean | undefined
  isRequired?: boolean | undefined
  className?: string | undefined
}

export const Select = <Id extends string = string>({
  label, isLabelHidden = false, options, value, onChange, placeholder, description, error, name, isDisabled = false, isRequired = false, className,
}: SelectProps<Id>) => (
  <AriaSelect
    value={value}
    onChange={(next) => {
      const option = options.find(({ id }) => id === next)
      if (option !== undefined) onChange(option.id)
    }}
    isDisabled={isDisabled}
    isRequired={isRequired}
    isInvalid={error !== undefined && error !== null && error !== ''}
    className={classNames('lk-field', className)}
    {...(placeholder === undefined ? {} : { placeholder })}
    {...(name === undefined ? {} : { name })}
  >
    <Label className={isLabelHidden ? 'lk-hidden-text' : 'lk-label'}>{label}</Label>
    <AriaButton className="lk-select-button">
      <SelectValue className="lk-select-value">
        {({ defaultChildren, isPlaceholder }) => isPlaceholder ? defaultChildren : options.find(({ id }) => id === value)?.label}
      </SelectValue>
      <ChevronsUpDown aria-hidden="true" />
    </AriaButton>
    {description !== undefined && <Text slot="description" className="lk-description">{description}</Text>}
    <FieldError className="lk-error">{error}</FieldError>
    <AriaPopover className="lk-popover" offset={4}>
      <ListBox items={options} className="lk-menu">
        {(option) => (
          <ListBoxItem id={option.id} textValue={option.label} isDisabled={option.isDisabled ?? false} className="lk-menu-item">
            {({ isSelected }) => (
              <>
                <span className="lk-menu-check">{isSelected && <Check aria-hidden="true" />}</span>
                {option.icon !== undefined && <span className="lk-menu-icon">{option.icon}</span>}
                <span className="lk-menu-words">
                  <span>{option.label}</span>
                  {option.text !== undefined && <span className="lk-menu-text">{option.text}</span>}
                </span>
              </>
            )}
          </ListBoxItem>
        )}
      </ListBox>
    </AriaPopover>
  </AriaSelect>
)
