import { ipcMain, type WebContents } from 'electron';
import type { DesktopState } from '../../src-shared/desktop.ts';
import { ipcChannels, type AppSnapshot, type IpcPush, type IpcPushes } from '../../src-shared/ipc.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Licensing } from '../licensing/index.ts';
import type { AppSettingsDoor } from './app-settings.ts';
import { createCalls } from './calls.ts';
import type { Defects } from './defects.ts';
import { createIpcGate, type IpcHandlers } from './ipc-gate.ts';
import type { PersonsLanguage } from './language.ts';
import type { Log } from './log.ts';
import { passCall } from './passage.ts';
import { createPushes } from './pushes.ts';

export type IpcOptions = {
  readonly licensing: Licensing;
  readonly app: Omit<AppSnapshot['app'], 'locale' | 'endedUnexpectedly'>;
  readonly language: PersonsLanguage;
  /** Of the run before this one. */
  readonly endedUnexpectedly: boolean;
  readonly showLog: () => void;
  readonly defects: Defects;
  readonly contents: () => WebContents | null;
  readonly settings: AppSettingsDoor;
  readonly showDownload: (id: string) => boolean;
  readonly log: Log;
  readonly newId: () => string;
};

export type Ipc = {
  /** To the page, or nowhere when there is none. A file, and the page to go to, are kept for a page that has not asked for its snapshot yet. */
  readonly push: <P extends Exclude<IpcPush, 'state'>>(push: P, value: IpcPushes[P]) => void;
  /** The page is another one from now on, or none: what is pushed waits until it asks for its snapshot. */
  readonly pageGone: () => void;
  readonly stop: () => void;
};

export const serveIpc = ({ licensing, app, language, endedUnexpectedly, showLog, defects, contents, settings, showDownload, log, newId }: IpcOptions): Ipc => {
  const send = <P extends IpcPush>(push: P, value: IpcPushes[P]): void => {
    const page = contents();
    if (page !== null && !page.isDestroyed()) page.send(push, value);
  };
  const pushes = createPushes((changes, revision) => send('state', { revision, changes }));
  const unsubscribe = licensing.subscribe((changes: Partial<DesktopState>) => pushes.add(changes));
  const unlisten = licensing.account.onEvent((event) => send('authority-event', event));
  const calls = createCalls();
  let opened: readonly IpcPushes['open-file'][] = [];
  let goTo: IpcPushes['navigate'] | null = null;
  let pageIsThere = false;
  let isUntold = endedUnexpectedly;

  const handlers: IpcHandlers = {
    'app.snapshot': () => {
      const snapshot: AppSnapshot = { revision: pushes.revision(), app: { ...app, locale: language.locale(), endedUnexpectedly: isUntold }, state: licensing.state(), opened, ...(goTo !== null && { goTo }) };
      opened = [];
      goTo = null;
      pageIsThere = true;
      isUntold = false;
      log('page.started', {});
      return ok(snapshot);
    },
    'app.defect': ({ how, error }) => {
      defects.note(`page.${how}`, error);
      return ok(null);
    },
    'app.show-log': () => {
      showLog();
      return ok(null);
    },
    'session.sign-in': (input, signal) => licensing.account.signIn(input, { signal }),
    'session.sign-out': (input, signal) => licensing.account.signOut(input, { signal }),
    'organization.choose': ({ organization }, signal) => licensing.account.chooseOrganization(organization, { signal }),
    'organization.set-default': ({ organization }, signal) => licensing.account.setDefaultOrganization(organization, { signal }),
    'picker.refresh': (_, signal) => licensing.refresh(undefined, { signal }),
    // The license alone says which organization it is of; the one that the picker shows changes nothing about it.
    'lease.checkout': ({ license, days }, signal) => licensing.checkout(days === undefined ? { license, mode: 'online' } : { license, mode: 'offline', days }, { signal }),
    'lease.change': ({ lease, license, days }, signal) => licensing.change(days === undefined ? { lease, license, mode: 'online' } : { lease, license, mode: 'offline', days }, { signal }),
    'lease.renew': ({ lease }, signal) => licensing.renew({ lease }, { signal }),
    'lease.release': (input, signal) => licensing.release(input, { signal }),
    'lease.switch-offline': ({ lease, days }, signal) => licensing.renew({ lease, mode: 'offline', days }, { signal }),
    'lease.switch-online': ({ lease }, signal) => licensing.renew({ lease, mode: 'online' }, { signal }),
    'leases.mine': (_, signal) => licensing.mine({ signal }),
    'leases.release-elsewhere': ({ lease }, signal) => licensing.releaseElsewhere(lease, { signal }),
    'machine.rename': ({ name }) => licensing.renameMachine(name),
    'exchange.create-request': (input) => licensing.createRequest(input),
    'exchange.create-time-request': () => licensing.createTimeRequest(),
    'clock.check': (_, signal) => licensing.checkClock({ signal }),
    'exchange.request-file': ({ request }) => licensing.requestFile(request),
    'exchange.discard-request': ({ request }) => licensing.discardRequest(request),
    'exchange.inspect': ({ bytes }) => licensing.inspect(bytes),
    'exchange.import': ({ bytes }) => licensing.accept(bytes),
    'exchange.fetch-keys': (_, signal) => licensing.meet({ signal }),
    'exchange.release-proof': ({ lease }) => licensing.releaseByProof(lease),
    'exchange.proof-file': ({ lease }) => licensing.proofFile(lease),
    'download.show': ({ id }) => (showDownload(id) ? ok(null) : fail('NOT_FOUND')),
    'recovery.dismiss': () => licensing.dismissRecovery(),
    'settings.read': () => ok(settings.read()),
    'settings.start-at-login': ({ on }) => settings.setStartAtLogin(on),
    'settings.closing': ({ closing }) => settings.setClosing(closing),
    'authority.call': (input, signal) => passCall((route, call) => licensing.account.call(route, call, { signal }), input),
    'language.choose': (chosen) => ok({ locale: language.choose(chosen.language) }),
    'call.cancel': ({ call }) => {
      calls.cancel(call);
      return ok(null);
    },
  };
  const gate = createIpcGate(handlers, calls, log, newId);
  for (const channel of ipcChannels) ipcMain.handle(channel, (event, input: unknown, call: unknown) => gate(channel, event.senderFrame, input, call));

  return {
    push(push, value) {
      if (push === 'open-file' && !pageIsThere) opened = [...opened, value as IpcPushes['open-file']];
      else if (push === 'navigate' && !pageIsThere) goTo = value as IpcPushes['navigate'];
      else send(push, value);
    },
    pageGone() {
      pageIsThere = false;
    },
    stop() {
      unsubscribe();
      unlisten();
      pushes.stop();
      for (const channel of ipcChannels) ipcMain.removeHandler(channel);
    },
  };
};
