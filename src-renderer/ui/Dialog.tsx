import { X } from 'lucide-react'
import { createContext, type ReactNode, use } from 'react'
import { Dialog as AriaDialog } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { Button, IconButton } from './Button.tsx'
import { FormError } from './Field.tsx'
import './overlay.css'

/** What a dialog shows above its buttons while something in it is being waited for: it covers the window that would say so. */
export const WaitContext = createContext<ReactNode>(null)

export type DialogProps = {
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
  title: ReactNode
  children: ReactNode
  /** Buttons at the end, the main one last. */
  actions?: ReactNode
  size?: 'small' | 'medium' | 'large' | undefined
  /** Gives the dialog a cross with this name. */
  closeLabel?: string | undefined
  role?: 'dialog' | 'alertdialog' | undefined
  /** While true neither Escape nor the cross closes it. */
  isBusy?: boolean | undefined
}

/** A modal dialog. The focus stays inside and goes back where it came from; Escape closes it. */
export const Dialog = ({ isOpen, onOpenChange, title, children, actions, size = 'medium', closeLabel, role = 'dialog', isBusy = false }: DialogProps) => (
  <ModalOverlay isOpen={isOpen} onOpenChange={onOpenChange} isKeyboardDismissDisabled={isBusy} className="lk-scrim">
    <Modal className="lk-modal" data-size={size}>
      <AriaDialog role={role} className="lk-dialog">
        <header className="lk-dialog-head">
          <Heading slot="title" className="lk-dialog-title">{title}</Heading>
          {closeLabel !== undefined && (
            <IconButton label={closeLabel} icon={<X aria-hidden="true" />} size="small" hasTooltip={false} isDisabled={isBusy} onPress={() => onOpenChange(false)} />
          )}
        </header>
        <div className="lk-dialog-body">{children}</div>
        {use(WaitContext)}
        {actions !== undefined && <footer className="lk-dialog-actions">{actions}</footer>}
      </AriaDialog>
    </Modal>
  </ModalOverlay>
)

export type ConfirmDialogProps = {
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
  title: ReactNode
  children: ReactNode
  confirmLabel: string
  cancelLabel: string
  onConfirm: () => void
  /** Paints the confirming button as dangerous and puts the focus on Cancel. */
  isDanger?: boolean | undefined
  isPending?: boolean | undefined
  pendingLabel?: string | undefined
  isConfirmDisabled?: boolean | undefined
  /** What went wrong at the last attempt; the dialog stays open. */
  error?: ReactNode
}

/** Asks before something happens. It does not close by itself on confirm: close it when the work is done. */
export const ConfirmDialog = ({
  isOpen, onOpenChange, title, children, confirmLabel, cancelLabel, onConfirm, isDanger = false, isPending = false, pendingLabel, isConfirmDisabled = false, error,
}: ConfirmDialogProps) => (
  <Dialog
    isOpen={isOpen}
    onOpenChange={onOpenChange}
    title={title}
    role="alertdialog"
    size="small"
    isBusy={isPending}
    actions={(
      <>
        <Button onPress={() => onOpenChange(false)} isDisabled={isPending} autoFocus={isDanger}>{cancelLabel}</Button>
        <Button variant={isDanger ? 'danger' : 'primary'} onPress={onConfirm} isPending={isPending} pendingLabel={pendingLabel} isDisabled={isConfirmDisabled} autoFocus={!isDanger}>
          {confirmLabel}
        </Button>
      </>
    )}
  >
    {children}
    <FormError>{error}</FormError>
  </Dialog>
)
