/** Offers bytes or text as a download under a name. In Electron this opens the native save dialog. */
export const saveBytes = (name: string, bytes: Uint8Array<ArrayBuffer> | string, type = 'application/octet-stream'): void => {
  const url = URL.createObjectURL(new Blob([bytes], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.hidden = true
  document.body.append(link)
  link.click()
  link.remove()
  // The download has its own hold on the blob only after the click was handled.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
