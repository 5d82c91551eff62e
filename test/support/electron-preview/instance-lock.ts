import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a second start hands to the first. */
export type SecondStart = { readonly argv: readonly string[]; readonly cwd: string; readonly data: unknown };

export type InstanceLock = { release(): void };

// The answer must be there when requestSingleInstanceLock returns, so a second start speaks through a short child process.
const courier = `
const socket = require('node:net').connect(process.argv[1], () => socket.end(process.argv[2]));
socket.setTimeout(5000, () => process.exit(2)).on('error', () => process.exit(1)).on('data', () => process.exit(0)).on('end', () => process.exit(2));`;

/** Takes the lock of a user data directory, or tells its holder of this start and gives null. */
export function takeInstanceLock(userData: string, start: SecondStart, onSecond: (second: SecondStart) => void): InstanceLock | null {
  mkdirSync(userData, { recursive: true });
  const path = socketPath(userData);
  const first = listen(path, onSecond);
  if (first !== null) return first;
  const told = spawnSync(process.execPath, ['-e', courier, path, JSON.stringify(start)], { stdio: 'ignore' });
  if (told.status !== 1) return null;
  // Nobody answers: the holder died. Two starts at this very moment could both take over; Electron's own lock closes that gap.
  rmSync(path, { force: true });
  return listen(path, onSecond);
}

function socketPath(userData: string): string {
  const name = `electron-preview-${createHash('sha256').update(userData).digest('hex').slice(0, 24)}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  const path = join(userData, 'SingletonSocket');
  return Buffer.byteLength(path) < 100 ? path : join(tmpdir(), name);
}

function listen(path: string, onSecond: (second: SecondStart) => void): InstanceLock | null {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    let text = '';
    socket.setEncoding('utf8').on('data', (part: string) => { text += part; }).on('error', () => socket.destroy()).on('end', () => {
      socket.end('ok');
      onSecond(JSON.parse(text) as SecondStart);
    });
  });
  server.on('error', () => undefined);
  server.listen(path);
  // A local socket is bound before listen returns; only the event comes later.
  if (!server.listening) return null;
  if (process.platform !== 'win32') chmodSync(path, 0o600);
  server.unref();
  return { release: () => { server.close(); } };
}
