import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { IconButton } from './Button.tsx'
import './code-block.css'

export type CodeBlockProps = {
  text: string
  /** Names the block for screen readers. */
  label: string
  copyLabel: string
  copiedLabel: string
  /** Scrolls beyond this height in pixels. */
  maxHeight?: number | undefined
}

/** Text to be copied: a document, a command, a fingerprint. */
export const CodeBlock = ({ text, label, copyLabel, copiedLabel, maxHeight = 240 }: CodeBlockProps) => {
  const [isCopied, setCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setCopied(false), 2000)
    return () => clearTimeout(timer)
  }, [isCopied])
  return (
    <div className="lk-code">
      <pre role="region" aria-label={label} tabIndex={0} style={{ maxHeight }}><code>{text}</code></pre>
      <IconButton
        size="small"
        className="lk-code-copy"
        label={isCopied ? copiedLabel : copyLabel}
        icon={isCopied ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />}
        onPress={() => void copyText(text).then(setCopied)}
      />
      <span role="status" className="lk-hidden-text">{isCopied ? copiedLabel : ''}</span>
    </div>
  )
}

/** Puts text on the clipboard; false where that is not allowed. */
export const copyText = async (text: string): Promise<boolean> => {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyBySelection(text)
  }
}

// Electron denies the clipboard permission by our own rule, and plain http has no clipboard API; a copy event needs neither.
const copyBySelection = (text: string): boolean => {
  let isDone = false
  const give = (event: ClipboardEvent) => {
    event.clipboardData?.setData('text/plain', text)
    event.preventDefault()
    isDone = true
  }
  document.addEventListener('copy', give, { once: true })
  document.execCommand('copy')
  document.removeEventListener('copy', give)
  return isDone
}
