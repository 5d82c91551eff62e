/** The scheme of addresses that open the app: also in electron-builder.yml. */
export const addressScheme = 'latchkey';

/** A page that an address may show. */
export type AddressedPage = { readonly page: 'picker' | 'exchange' } | { readonly page: 'invitation'; readonly code: string };

/** A code as the authority writes it into the link of an invitation: 32 random bytes. */
const invitation = /^latchkey:\/\/invitation\/([\w-]{43})\/?$/;

/**
 * SECURITY: any site, mail or document can open such an address, so it is a closed list, compared as text: nothing is resolved,
 * decoded or looked for in it. It has no parameters but the code of an invitation, and it shows a page and never acts: taking,
 * releasing, importing, signing in and joining are for the person to press. RFC 8252, section 8.6, and RFC 3986, section 7, name what can go wrong.
 * Null for everything else.
 */
export const readAddress = (text: string): AddressedPage | null => {
  // With the slash that some browsers add to an address that has a host only.
  if (text === 'latchkey://picker' || text === 'latchkey://picker/') return { page: 'picker' };
  if (text === 'latchkey://exchange' || text === 'latchkey://exchange/') return { page: 'exchange' };
  const code = invitation.exec(text)?.[1];
  return code === undefined ? null : { page: 'invitation', code };
};

/** Whether it was meant for us, right or wrong. */
export const isOurAddress = (argument: string): boolean => argument.slice(0, addressScheme.length + 1).toLowerCase() === `${addressScheme}:`;

/** What the log says of an address that was refused: enough to find who writes such, and no code that may be in it. */
export const forLog = (address: string): string => address.slice(0, 120).replaceAll(/[^ -~]/g, '?').replaceAll(/[\w-]{16,}/g, '…');

/**
 * Whether the app itself tells the system that it opens these addresses (electron/docs/api/app.md, "app.setAsDefaultProtocolClient").
 * On Linux the desktop entry of the package says it (`MimeType=x-scheme-handler/latchkey`), and a person's own choice stays; an
 * unpackaged run would register Electron itself.
 */
export const registersScheme = (platform: NodeJS.Platform, packaged: boolean): boolean => packaged && (platform === 'win32' || platform === 'darwin');
