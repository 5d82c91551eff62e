import { contextBridge, ipcRenderer } from 'electron';
import { ipcChannels, ipcPushes, type LatchkeyBridge } from '../src-shared/ipc.ts';

const channels: ReadonlySet<string> = new Set(ipcChannels);
const pushes: ReadonlySet<string> = new Set(ipcPushes);

/**
 * SECURITY: checklist 20, "Do not expose Electron APIs to untrusted web content": the page gets two functions, the channels
 * of the contract and nothing else; never `ipcRenderer`, never the event with its sender.
 */
const bridge: LatchkeyBridge = {
  call(channel, input, id) {
    if (!channels.has(channel)) return Promise.reject(new Error(`No channel ${String(channel)}`));
    return ipcRenderer.invoke(channel, input, id);
  },
  on(push, listener) {
    if (!pushes.has(push)) throw new Error(`No push ${String(push)}`);
    const forward = (_event: Electron.IpcRendererEvent, value: Parameters<typeof listener>[0]): void => listener(value);
    ipcRenderer.on(push, forward);
    return () => {
      ipcRenderer.off(push, forward);
    };
  },
};

contextBridge.exposeInMainWorld('latchkey', bridge);
