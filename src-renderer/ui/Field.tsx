import { CircleAlert, Eye, EyeOff, Search, X } from 'lucide-react'
import { type ReactNode, type Ref, useState } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { Group } from 'react-aria-components/Group'
import { Input } from 'react-aria-components/Input'
import { Label } from 'react-aria-components/Label'
import { SearchField as AriaSearchField, type SearchFieldProps as AriaSearchFieldProps } from 'react-aria-components/SearchField'
import { Text } from 'react-aria-components/Text'
import { FieldError } from 'react-aria-components/FieldError'
import { TextArea } from 'react-aria-components/TextArea'
import { TextField as AriaTextField, type TextFieldProps as AriaTextFieldProps } from 'react-aria-components/TextField'
import { classNames } from './class-names.ts'
import './field.css'

export type Common = {
  label: string
  /** Keeps the label for screen readers only. */
  isLabelHidden?: boolean | undefined
  description?: ReactNode
  /** What is wrong. Its presence makes the field invalid. */
  error?: ReactNode
  placeholder?: string | undefined
  className?: string | undefined
}

export type Cut = 'className' | 'style' | 'children' | 'isInvalid' | 'validate' | 'aria-label'

export const FieldLabel = ({ label, isHidden }: { readonly label: string, readonly isHidden: boolean | undefined }) =>
  <Label className={isHidden ? 'lk-hidden-text' : 'lk-label'}>{label}</Label>

export const Notes = ({ description, error }: { readonly description: ReactNode, readonly error: ReactNode }) => (
  <>
    {description !== undefined && description !== null && <Text slot="description" className="lk-description">{description}</Text>}
    <FieldError className="lk-error">{hasError(error) ? <ErrorWords>{error}</ErrorWords> : undefined}</FieldError>
  </>
)

export const hasError = (error: ReactNode): boolean => error !== undefined && error !== null && error !== false && error !== ''

const ErrorWords = ({ children }: { readonly children: ReactNode }) => <><CircleAlert aria-hidden="true" /><span>{children}</span></>

/** What is wrong with a whole form, announced when it appears. Renders nothing without children. */
export const FormError = ({ children }: { readonly children?: ReactNode }) =>
  <div role="alert">{hasError(children) && <p className="lk-error"><ErrorWords>{children}</ErrorWords></p>}</div>

export type TextFieldProps = Omit<AriaTextFieldProps, Cut> & Common & {
  /** A glyph before, or words after the text. */
  prefix?: ReactNode
  suffix?: ReactNode
  isMonospace?: boolean | undefined
  /** More than 1 gives a text area. */
  rows?: number | undefined
  inputRef?: Ref<HTMLInputElement> | undefined
}

export const TextField = ({ label, isLabelHidden, description, error, placeholder = '', className, prefix, suffix, isMonospace, rows = 1, inputRef, ...rest }: TextFieldProps) => (
  <AriaTextField {...rest} isInvalid={hasError(error)} className={classNames('lk-field', className)}>
    <FieldLabel label={label} isHidden={isLabelHidden} />
    {rows > 1
      ? <TextArea rows={rows} placeholder={placeholder} className={classNames('lk-input lk-textarea', isMonospace && 'lk-mono')} />
      : (
        <Group className="lk-input-group">
          {prefix}
          <Input {...(inputRef === undefined ? {} : { ref: inputRef })} placeholder={placeholder} className={classNames('lk-input', isMonospace && 'lk-mono')} />
          {suffix}
        </Group>
      )}
    <Notes description={description} error={error} />
  </AriaTextField>
)

export type PasswordFieldProps = Omit<AriaTextFieldProps, Cut | 'type'> & Common & {
  showLabel: string
  hideLabel: string
}

/** A password that can be revealed. Say `autoComplete`: `current-password` or `new-password`. */
export const PasswordField = ({ label, isLabelHidden, description, error, placeholder = '', className, showLabel, hideLabel, ...rest }: PasswordFieldProps) => {
  const [isShown, setShown] = useState(false)
  return (
    <AriaTextField {...rest} type={isShown ? 'text' : 'password'} isInvalid={hasError(error)} className={classNames('lk-field', className)}>
      <FieldLabel label={label} isHidden={isLabelHidden} />
      <Group className="lk-input-group">
        <Input placeholder={placeholder} autoCapitalize="none" spellCheck={false} className="lk-input" data-secret={isShown || undefined} />
        <AriaButton aria-label={isShown ? hideLabel : showLabel} className="lk-input-button" onPress={() => setShown(!isShown)}>
          {isShown ? <EyeOff aria-hidden="true" /> : <Eye aria-hidden="true" />}
        </AriaButton>
      </Group>
      <Notes description={description} error={error} />
    </AriaTextField>
  )
}

export type SearchFieldProps = Omit<AriaSearchFieldProps, Cut> & Omit<Common, 'error'> & {
  size?: 'medium' | 'large' | undefined
  /** Shown at the end while the field is empty, such as a shortcut. */
  hint?: ReactNode
}

/** A search field; Escape clears it. */
export const SearchField = ({ label, isLabelHidden = true, description, placeholder = '', className, size = 'medium', hint, ...rest }: SearchFieldProps) => (
  <AriaSearchField {...rest} className={classNames('lk-field lk-search', className)} data-size={size}>
    <FieldLabel label={label} isHidden={isLabelHidden} />
    <Group className="lk-input-group">
      <Search aria-hidden="true" />
      <Input placeholder={placeholder} className="lk-input" />
      {hint !== undefined && <span className="lk-search-hint">{hint}</span>}
      <AriaButton className="lk-input-button lk-search-clear"><X aria-hidden="true" /></AriaButton>
    </Group>
    {description !== undefined && <Text slot="description" className="lk-description">{description}</Text>}
  </AriaSearchField>
)
