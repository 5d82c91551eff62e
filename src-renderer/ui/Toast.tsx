import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Text } from 'react-aria-components/Text'
import {
  UNSTABLE_Toast as AriaToast, UNSTABLE_ToastContent as ToastContent, UNSTABLE_ToastList as ToastList, UNSTABLE_ToastQueue as ToastQueue, UNSTABLE_ToastRegion as AriaToastRegion,
} from 'react-aria-components/Toast'
import { type BannerTone, ToneIcon } from './Banner.tsx'
import { Button } from './Button.tsx'
import './banner.css'

export type ToastWords = {
  readonly tone?: BannerTone | undefined
  readonly title: ReactNode
  readonly text?: ReactNode
  readonly action?: { readonly label: string, readonly onPress: () => void } | undefined
  /** How long it stays; without it, as below. */
  readonly seconds?: number | undefined
}

/** The queue that ToastRegion shows. */
export const toasts = new ToastQueue<ToastWords>({ maxVisibleToasts: 4 })

/** Says something in passing. Stays 6 seconds, paused under the pointer or focus; one with an action or of tone danger stays until closed. */
export const notify = (words: ToastWords): void => void notifyWhileTrue(words)

/** `notify`, for what may stop being true: returns what takes it away. */
export const notifyWhileTrue = (words: ToastWords): (() => void) => {
  const key = toasts.add(words, words.seconds === undefined && (words.action !== undefined || words.tone === 'danger') ? {} : { timeout: (words.seconds ?? 6) * 1000 })
  return () => toasts.close(key)
}

export type ToastRegionProps = {
  /** The name of the landmark. */
  label: string
  closeLabel: string
}

/** Once per window, next to the pages. */
export const ToastRegion = ({ label, closeLabel }: ToastRegionProps) => (
  <AriaToastRegion queue={toasts} aria-label={label} className="lk-toasts">
    <ToastList<ToastWords> className="lk-toast-list">
      {({ toast }) => (
        <AriaToast toast={toast} className="lk-toast">
          <ToneIcon tone={toast.content.tone ?? 'ok'} />
          <ToastContent className="lk-toast-words">
            <Text slot="title" className="lk-banner-title">{toast.content.title}</Text>
            {toast.content.text !== undefined && <Text slot="description" className="lk-toast-text">{toast.content.text}</Text>}
            {toast.content.action !== undefined && (
              <span className="lk-toast-action">
                <Button
                  size="small"
                  onPress={() => {
                    toast.content.action?.onPress()
                    toasts.close(toast.key)
                  }}
                >
                  {toast.content.action.label}
                </Button>
              </span>
            )}
          </ToastContent>
          <Button slot="close" variant="quiet" size="small" className="lk-button-icon" aria-label={closeLabel}><X aria-hidden="true" /></Button>
        </AriaToast>
      )}
    </ToastList>
  </AriaToastRegion>
)
