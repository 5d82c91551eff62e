/** What a page did that needs a permission: most ask (`request`), some only look whether it is there (`check`). */
export type PermissionQuestion = { readonly how: 'request' | 'check'; readonly permission: string; readonly mediaTypes?: readonly ('audio' | 'video')[] };
export type PermissionAnswer = PermissionQuestion & { readonly granted: boolean };

type RequestHandler = (webContents: unknown, permission: string, callback: (granted: boolean) => void, details: object) => void;
type CheckHandler = (webContents: unknown, permission: string, requestingOrigin: string, details: object) => boolean;

/**
 * A session's permission handlers. Without them everything is granted, but for the old way of reading the clipboard.
 * electron/shell/browser/electron_permission_manager.cc; docs/api/session.md, "ses.setPermissionRequestHandler".
 */
export function createPermissions() {
  let onRequest: RequestHandler | null = null;
  let onCheck: CheckHandler | null = null;
  const answers: PermissionAnswer[] = [];

  const ask = async ({ how, permission, mediaTypes }: PermissionQuestion, contents: unknown, frame: { readonly origin: string; readonly url: string }): Promise<boolean> => {
    const details = { requestingUrl: frame.url, isMainFrame: true };
    if (how === 'check') {
      const media = mediaTypes?.[0];
      return onCheck === null ? permission !== 'deprecated-sync-clipboard-read' : onCheck(contents, permission, `${frame.origin}/`, { ...details, embeddingOrigin: `${frame.origin}/`, ...(media === undefined ? {} : { mediaType: media }) });
    }
    const handler = onRequest;
    return handler === null ? true : new Promise((resolve) => handler(contents, permission, resolve, mediaTypes === undefined ? details : { ...details, mediaTypes, securityOrigin: `${frame.origin}/` }));
  };

  return {
    setPermissionRequestHandler(handler: RequestHandler | null): void { onRequest = handler; },
    setPermissionCheckHandler(handler: CheckHandler | null): void { onCheck = handler; },
    /** Not of Electron's API: asks the handlers for a page, and keeps what they said. */
    async permits(question: PermissionQuestion, contents: unknown, frame: { readonly origin: string; readonly url: string }): Promise<boolean> {
      const granted = await ask(question, contents, frame);
      answers.push({ ...question, granted });
      return granted;
    },
    /** Not of Electron's API. */
    permissionAnswers: (): readonly PermissionAnswer[] => [...answers],
  };
}
