export type LatchkeyMarkProps = {
  size?: number | undefined
  /** Absent where the name stands beside the mark. */
  label?: string | undefined
  className?: string | undefined
}

/** The bow of a key drawn as a house: the key you carry for when nobody is home. Takes the colour of the text. */
export const LatchkeyMark = ({ size = 20, label, className }: LatchkeyMarkProps) => (
  <svg
    viewBox="0 0 24 24"
    width={size}
    height={size}
    fill="currentColor"
    className={className}
    {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
  >
    <path fillRule="evenodd" d={markPath} />
  </svg>
)

/** House with a round hole, shaft, two teeth; on a grid of 24. The same path is in assets/icon.svg and tray.svg. */
export const markPath =
  'M10.72 1.5a2 2 0 0 1 2.56 0l5 4.17A2 2 0 0 1 19 7.2v4.8a2 2 0 0 1-2 2h-3.5v1.75H16a.75.75 0 0 1 .75.75v1.25a.75.75 0 0 1-.75.75h-2.5v1.5h1.25a.75.75 0 0 1 .75.75V22.25a.75.75 0 0 1-.75.75H11.25a.75.75 0 0 1-.75-.75V14H7a2 2 0 0 1-2-2V7.2a2 2 0 0 1 .72-1.53zM12 6.25a2.25 2.25 0 1 0 0 4.5 2.25 2.25 0 0 0 0-4.5z'
