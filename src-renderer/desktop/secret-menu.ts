/**
 * SECURITY: no context menu, and so no "Copy", on what is marked `data-secret`: recovery codes, the secret of an authenticator
 * app, a password that is shown. Buttons beside them copy where copying is meant. A field with nothing selected may be pasted into.
 */
export const keepSecretsOutOfMenus = (page: Document): void => {
  page.addEventListener('contextmenu', (event) => {
    const secret = event.target instanceof Element ? event.target.closest('[data-secret]') : null;
    if (secret === null) return;
    const isEmpty = secret instanceof HTMLInputElement && secret.selectionStart === secret.selectionEnd;
    if (!isEmpty) event.preventDefault();
  });
};
