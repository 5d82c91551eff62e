import { Download } from 'lucide-react'
import { Button, type ButtonProps } from './Button.tsx'
import { saveBytes } from './save-bytes.ts'

export type DownloadButtonProps = Omit<ButtonProps, 'onPress' | 'icon'> & {
  fileName: string
  content: Uint8Array<ArrayBuffer> | string
  type?: string | undefined
  onSaved?: (() => void) | undefined
}

/** Saves content that is already there. To fetch it first, take a Button and `saveBytes`. */
export const DownloadButton = ({ fileName, content, type, onSaved, ...rest }: DownloadButtonProps) => (
  <Button
    {...rest}
    icon={<Download aria-hidden="true" />}
    onPress={() => {
      saveBytes(fileName, content, type)
      onSaved?.()
    }}
  />
)
