import { ipcMain, type WebContents } from 'electron';
import type { DesktopState } from '../../src-shared/desktop.ts';
import { ipcChannels, type AppSnapshot, type IpcPush, type IpcPushes } from '../../src-shared/ipc.ts';
import { ok } from '../../src-shared/result.ts';
import type { Licensing } from '../licensing/index.ts';
import { createIpcGate, type IpcHandlers } from './ipc-gate.ts';
import type { Log } from './log.ts';
import { passCall } from './passage.ts';
import { createPushes } from './pushes.ts';

export type IpcOptions = {
  readonly licensing: Licensing;
  readonly app: AppSnapshot['app'];
  readonly contents: () => WebContents | null;
  readonly log: Log;
  readonly newId: () => string;
};

export type Ipc = {
  /** To the page, or nowhere when there is none. A file is kept for a page that has not asked for its snapshot yet. */
  readonly push: <P extends Exclude<IpcPush, 'state'>>(push: P, value: IpcPushes[P]) => void;
  readonly stop: () => void;
};

export const serveIpc = ({ licensing, app, contents, log, newId }: IpcOptions): Ipc => {
  const send = <P extends IpcPush>(push: P, value: IpcPushes[P]): void => {
    const page = contents();
    if (page !== null && !page.isDestroyed()) page.send(push, value);
  };
  const pushes = createPushes((changes, revision) => send('state', { revision, changes }));
  const unsubscribe = licensing.subscribe((changes: Partial<DesktopState>) => pushes.add(changes));
  const unlisten = licensing.account.onEvent((event) => send('authority-event', event));
  let opened: IpcPushes['open-file'] | null = null;
  let pageIsThere = false;

  const handlers: IpcHandlers = {
    'app.snapshot': () => {
      const snapshot: AppSnapshot = { revision: pushes.revision(), app, state: licensing.state(), opened };
      opened = null;
      pageIsThere = true;
      return ok(snapshot);
    },
    'session.sign-in': (input) => licensing.account.signIn(input),
    'session.sign-out': (input) => licensing.account.signOut(input),
    'organization.choose': ({ organization }) => licensing.account.chooseOrganization(organization),
    'organization.set-default': ({ organization }) => licensing.account.setDefaultOrganization(organization),
    'picker.refresh': () => licensing.refresh(),
    // The license says which organization it is of; the person's choice of another one only changes what is shown.
    'lease.checkout': ({ license }) => licensing.checkout({ license, mode: 'online' }),
    'lease.renew': ({ lease }) => licensing.renew({ lease }),
    'lease.release': (input) => licensing.release(input),
    'lease.switch-offline': ({ lease, days }) => licensing.renew({ lease, mode: 'offline', days }),
    'lease.switch-online': ({ lease }) => licensing.renew({ lease, mode: 'online' }),
    'leases.mine': () => licensing.mine(),
    'leases.release-elsewhere': ({ lease }) => licensing.releaseElsewhere(lease),
    'machine.rename': ({ name }) => licensing.renameMachine(name),
    'exchange.create-request': (input) => licensing.createRequest(input),
    'exchange.create-time-request': () => licensing.createTimeRequest(),
    'clock.check': () => licensing.checkClock(),
    'exchange.request-file': ({ request }) => licensing.requestFile(request),
    'exchange.discard-request': ({ request }) => licensing.discardRequest(request),
    'exchange.inspect': ({ bytes }) => licensing.inspect(bytes),
    'exchange.import': ({ bytes }) => licensing.accept(bytes),
    'exchange.fetch-keys': () => licensing.meet(),
    'exchange.release-proof': ({ lease }) => licensing.releaseByProof(lease),
    'exchange.proof-file': ({ lease }) => licensing.proofFile(lease),
    'authority.call': (input) => passCall(licensing.account.call, input),
  };
  const gate = createIpcGate(handlers, log, newId);
  for (const channel of ipcChannels) ipcMain.handle(channel, (event, input: unknown) => gate(channel, event.senderFrame, input));

  return {
    push(push, value) {
      if (push === 'open-file' && !pageIsThere) opened = value as IpcPushes['open-file'];
      else send(push, value);
    },
    stop() {
      unsubscribe();
      unlisten();
      pushes.stop();
      for (const channel of ipcChannels) ipcMain.removeHandler(channel);
    },
  };
};
