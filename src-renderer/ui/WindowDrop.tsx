import { FileDown } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { carriesFiles } from './drop.ts'
import './file-drop.css'

export type WindowDropProps = {
  /** What happens to files that are let go of anywhere. */
  title: ReactNode
  text?: ReactNode
  onFiles: (files: readonly File[]) => void
  /** An address, a text or a picture of another page was let go of, and is not taken. */
  onRefused: () => void
}

const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input:not([type="file"]), textarea'))

/**
 * Makes the whole window a place for files. Without it a file or an address that is dropped beside a frame would be opened in
 * place of the page; with it, a file goes where files go, and all else is refused.
 */
export const WindowDrop = ({ title, text, onFiles, onRefused }: WindowDropProps) => {
  const [isOver, setOver] = useState(false)
  const takes = useRef({ onFiles, onRefused })
  useEffect(() => {
    takes.current = { onFiles, onRefused }
  })

  useEffect(() => {
    let leaving: ReturnType<typeof setTimeout> | undefined
    const end = () => {
      clearTimeout(leaving)
      setOver(false)
    }
    const over = (event: DragEvent) => {
      if (!carriesFiles(event)) {
        // A text may be moved within a field; anywhere else a drop that is not kept from it would open what it names.
        if (!isField(event.target)) event.preventDefault()
        return
      }
      setOver(true)
      // A drag that leaves the window says so unreliably; while it is over it speaks several times a second.
      clearTimeout(leaving)
      leaving = setTimeout(() => setOver(false), 400)
      if (event.defaultPrevented) return
      event.preventDefault()
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'copy'
    }
    const drop = (event: DragEvent) => {
      end()
      if (event.defaultPrevented) return
      if (!carriesFiles(event)) {
        if (isField(event.target)) return
        event.preventDefault()
        takes.current.onRefused()
        return
      }
      event.preventDefault()
      const files = [...(event.dataTransfer?.files ?? [])]
      if (files.length > 0) takes.current.onFiles(files)
    }
    window.addEventListener('dragover', over)
    window.addEventListener('drop', drop)
    return () => {
      clearTimeout(leaving)
      window.removeEventListener('dragover', over)
      window.removeEventListener('drop', drop)
    }
  }, [])

  if (!isOver) return null
  return (
    <div className="lk-window-drop" aria-hidden="true">
      <div className="lk-window-drop-words">
        <FileDown />
        <p><b>{title}</b>{text !== undefined && <span>{text}</span>}</p>
      </div>
    </div>
  )
}
