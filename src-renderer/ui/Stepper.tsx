import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import './stepper.css'

export type Step = {
  readonly id: string
  readonly title: ReactNode
  readonly text?: ReactNode
  readonly state: 'done' | 'current' | 'todo'
  /** What to do in this step; shown below its title. */
  readonly content?: ReactNode
}

export type StepperProps = {
  label: string
  steps: readonly Step[]
  /** Words of the states for screen readers. */
  stateLabels: Readonly<Record<Step['state'], string>>
  layout?: 'column' | 'row' | undefined
}

/** Numbered steps of something done in order, such as the offline exchange. */
export const Stepper = ({ label, steps, stateLabels, layout = 'column' }: StepperProps) => (
  <ol className="lk-steps" data-layout={layout} aria-label={label}>
    {steps.map(({ id, title, text, state, content }, place) => (
      <li key={id} className="lk-step" data-state={state} {...(state === 'current' ? { 'aria-current': 'step' } : {})}>
        <span className="lk-step-mark" aria-hidden="true">{state === 'done' ? <Check /> : place + 1}</span>
        <div className="lk-step-main">
          <p className="lk-step-title">{title}<span className="lk-hidden-text"> ({stateLabels[state]})</span></p>
          {text !== undefined && <p className="lk-step-text">{text}</p>}
          {content !== undefined && <div className="lk-step-content">{content}</div>}
        </div>
      </li>
    ))}
  </ol>
)
