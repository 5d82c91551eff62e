/**
 * How a file that was offered ended. A browser does not say: there it has `begun`. In the app the rest is known, and `show` opens
 * the folder.
 */
export type Saved =
  | { readonly end: 'begun' | 'cancelled' }
  | { readonly end: 'saved', readonly file: string, readonly folder: string, readonly show: () => void }
  | { readonly end: 'failed', readonly why: 'full' | 'other' }

/** Hears how the download with this `blob:` address ends. */
export type FollowDownload = (url: string) => Promise<Saved>

let follow: FollowDownload = () => Promise.resolve({ end: 'begun' })

/** Once per window, where something knows more than the browser. */
export const followDownloads = (by: FollowDownload): void => {
  follow = by
}

/** Offers bytes or text as a download under a name. In Electron this opens the native save dialog. */
export const saveBytes = (name: string, bytes: Uint8Array<ArrayBuffer> | string, type = 'application/octet-stream'): Promise<Saved> => {
  const url = URL.createObjectURL(new Blob([bytes], { type }))
  const saved = follow(url)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.hidden = true
  document.body.append(link)
  link.click()
  link.remove()
  // The download has its own hold on the blob only after the click was handled.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
  return saved
}
