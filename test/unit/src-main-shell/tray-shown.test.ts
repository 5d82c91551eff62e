import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closingOf } from '../../../src-main/shell/closing.ts';
import { askSessionBus, busSocket } from '../../../src-main/shell/session-bus.ts';
import { isTrayShown } from '../../../src-main/shell/tray-shown.ts';

describe('what closing the window does', () => {
  it.each([
    [undefined, true, 'hide'], ['stay', true, 'hide'], ['quit', true, 'quit'],
    [undefined, false, 'ask'], ['stay', false, 'minimize'], ['quit', false, 'quit'],
  ] as const)('chosen %s, a tray %s: %s', (choice, isTray, does) => expect(closingOf(choice, isTray)).toBe(does));
});

describe('whether tray icons are shown', () => {
  it('is asked on Linux only', async () => {
    const nobody = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent/bus' };
    expect([await isTrayShown('win32', nobody), await isTrayShown('darwin', nobody), await isTrayShown('linux', nobody), await isTrayShown('linux', {})]).toEqual([true, true, false, false]);
  });
});

describe('the address of the session bus', () => {
  it.each([
    [{ DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/user/1000/bus' }, '/run/user/1000/bus'],
    [{ DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/user/1000/bus,guid=0a' }, '/run/user/1000/bus'],
    [{ DBUS_SESSION_BUS_ADDRESS: 'unix:guid=0a,abstract=/tmp/dbus-x%20y' }, '\0/tmp/dbus-x y'],
    [{ DBUS_SESSION_BUS_ADDRESS: 'tcp:host=localhost,port=1;unix:path=/b' }, '/b'],
    [{ DBUS_SESSION_BUS_ADDRESS: 'autolaunch:' }, null],
    [{ DBUS_SESSION_BUS_ADDRESS: 'unix:path=/%zz' }, null],
    [{ XDG_RUNTIME_DIR: '/run/user/7' }, '/run/user/7/bus'],
    [{}, null],
  ])('%o is %s', (env, path) => expect(busSocket(env)).toBe(path));
});

describe.runIf(process.platform !== 'win32')('a session bus', () => {
  let folder = '';
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'latchkey-bus-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const property = { service: 'org.example', path: '/', interface: 'org.example', name: 'Is' };
  const asked = async (answer: (socket: Socket) => void, patienceMs?: number): Promise<boolean | null> => {
    const path = join(folder, `bus-${Math.random()}`);
    const server = createServer((socket) => { socket.on('error', () => undefined); answer(socket); });
    await new Promise<void>((done) => void server.listen(path, done));
    try {
      return await askSessionBus({ DBUS_SESSION_BUS_ADDRESS: `unix:path=${path}` }, property, patienceMs);
    } finally {
      server.close();
    }
  };

  it('that refuses, ends, talks nonsense or never stops is no answer', async () => {
    expect(await asked((socket) => socket.once('data', () => socket.write('REJECTED EXTERNAL\r\n')))).toBeNull();
    expect(await asked((socket) => socket.once('data', () => socket.end()))).toBeNull();
    expect(await asked((socket) => socket.once('data', () => socket.end('OK x\r\n\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0')))).toBeNull();
    expect(await asked((socket) => socket.once('data', () => socket.write(`OK x\r\n${'l'.repeat(100_000)}`)), 600_000)).toBeNull();
  });

  it('that says nothing is not waited for', async () => expect(await asked(() => undefined, 50)).toBeNull());

  // The real one, where there is one: it greets, takes the question, and says that nobody has that name.
  it.runIf(spawnSync('dbus-daemon', ['--version']).status === 0)('of the system is spoken to as it wants', async () => {
    const bus = spawn('dbus-daemon', ['--session', '--nofork', '--print-address'], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const address = await new Promise<string>((said) => bus.stdout.once('data', (line: Buffer) => said(String(line).trim())));
      const env = { DBUS_SESSION_BUS_ADDRESS: address };
      expect(await isTrayShown('linux', env)).toBe(false);
      // A property that is there but neither true nor false.
      expect(await askSessionBus(env, { service: 'org.freedesktop.DBus', path: '/org/freedesktop/DBus', interface: 'org.freedesktop.DBus', name: 'Features' })).toBeNull();
    } finally {
      bus.kill();
    }
  });
});
