import { CircleAlert, FileDown, Upload } from 'lucide-react'
import { type DragEvent, type ReactNode, useId, useRef, useState } from 'react'
import { Button } from './Button.tsx'
import { Spinner } from './Progress.tsx'
import { carriesFiles } from './drop.ts'
import './file-drop.css'

export type FileDropProps = {
  title: ReactNode
  text?: ReactNode
  chooseLabel: string
  /** File name endings, such as ".lklic". A drop of anything else is passed up too: what it is decides its content. */
  accept?: readonly string[] | undefined
  isMultiple?: boolean | undefined
  onFiles: (files: readonly File[]) => void
  /** While the file is read or sent: what is going on. */
  busyLabel?: string | undefined
  /** Why the last file was refused, and what to do next. */
  refusal?: { readonly title: ReactNode, readonly text?: ReactNode } | undefined
  isDisabled?: boolean | undefined
}

/** Takes a file by drop or by choice. What is dropped beside it is for `WindowDrop`. */
export const FileDrop = ({ title, text, chooseLabel, accept, isMultiple = false, onFiles, busyLabel, refusal, isDisabled = false }: FileDropProps) => {
  const input = useRef<HTMLInputElement>(null)
  const depth = useRef(0)
  const [isOver, setOver] = useState(false)
  const id = useId()
  const isClosed = isDisabled || busyLabel !== undefined

  const pass = (list: FileList | null) => {
    const files = [...(list ?? [])].slice(0, isMultiple ? undefined : 1)
    if (files.length > 0) onFiles(files)
  }

  const cross = (step: 1 | -1) => (event: DragEvent) => {
    if (isClosed || !carriesFiles(event)) return
    depth.current += step
    setOver(depth.current > 0)
  }

  const state = busyLabel !== undefined ? 'busy' : isOver ? 'over' : refusal !== undefined ? 'refused' : 'idle'
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a drop is the second way to what the button inside does
    <div
      role="group"
      aria-labelledby={`${id}-title`}
      className="lk-drop"
      data-state={state}
      onDragEnter={cross(1)}
      onDragLeave={cross(-1)}
      onDragOver={(event) => {
        if (isClosed || !carriesFiles(event)) return
        event.preventDefault()
        event.dataTransfer.dropEffect = 'copy'
      }}
      onDrop={(event) => {
        depth.current = 0
        setOver(false)
        if (isClosed || !carriesFiles(event)) return
        event.preventDefault()
        pass(event.dataTransfer.files)
      }}
    >
      <span className="lk-drop-icon" aria-hidden="true">{state === 'refused' ? <CircleAlert /> : state === 'over' ? <FileDown /> : <Upload />}</span>
      <p id={`${id}-title`} className="lk-drop-title">{title}</p>
      {text !== undefined && <p className="lk-drop-text">{text}</p>}
      <div className="lk-drop-refusal" role="alert">
        {refusal !== undefined && busyLabel === undefined && (
          <>
            <p className="lk-drop-refused">{refusal.title}</p>
            {refusal.text !== undefined && <p className="lk-drop-text">{refusal.text}</p>}
          </>
        )}
      </div>
      <div className="lk-drop-action">
        {busyLabel === undefined
          ? <Button isDisabled={isDisabled} onPress={() => input.current?.click()} aria-describedby={`${id}-title`}>{chooseLabel}</Button>
          : <Spinner label={busyLabel} isLabelVisible />}
      </div>
      <input
        ref={input}
        type="file"
        hidden
        multiple={isMultiple}
        disabled={isClosed}
        accept={accept?.join(',')}
        onChange={(event) => {
          pass(event.target.files)
          // So that choosing the same file again is a change again.
          event.target.value = ''
        }}
      />
    </div>
  )
}
