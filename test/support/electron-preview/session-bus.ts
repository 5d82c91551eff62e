import { createServer, type Socket } from 'node:net';

/**
 * The session bus of the Linux desktop that the stand-in pretends to be: it greets, says whether a host shows tray icons
 * (`org.kde.StatusNotifierWatcher`, `IsStatusNotifierHostRegistered`), and knows no other service. Electron's own `Tray` asks there too, and tells the app nothing.
 */
let host = process.env['ELECTRON_PREVIEW_TRAY'] !== 'none';
export const setTrayHost = (shown: boolean): void => { host = shown; };

/** Puts the bus into the environment that the app will see. It ends with the process. */
export async function serveSessionBus(): Promise<void> {
  if (process.platform !== 'linux') return;
  const name = `electron-preview-bus-${process.pid}`;
  const server = createServer(talk);
  await new Promise<void>((resolve, reject) => { server.on('error', reject).listen(`\0${name}`, resolve); });
  server.unref();
  process.env['DBUS_SESSION_BUS_ADDRESS'] = `unix:abstract=${name}`;
}

function talk(socket: Socket): void {
  let read: Buffer = Buffer.alloc(0);
  let begun = false;
  socket.on('error', () => socket.destroy()).on('data', (part) => {
    read = Buffer.concat([read, part]);
    for (let line = read.indexOf('\r\n'); !begun && line !== -1; line = read.indexOf('\r\n')) {
      const said = read.subarray(0, line).toString('latin1').replace('\0', '');
      read = read.subarray(line + 2);
      if (said === 'BEGIN') begun = true;
      else socket.write(said.startsWith('AUTH EXTERNAL ') ? 'OK 0123456789abcdef0123456789abcdef\r\n' : 'REJECTED EXTERNAL\r\n');
    }
    while (begun && read.length >= 16) {
      const head = 16 + Math.ceil(read.readUInt32LE(12) / 8) * 8;
      const length = head + read.readUInt32LE(4);
      if (read.length < length) return;
      socket.write(answerTo(read.subarray(0, length)));
      read = read.subarray(length);
    }
  });
}

function answerTo(call: Buffer): Buffer {
  const serial = call.readUInt32LE(8);
  const said = call.toString('latin1');
  if (said.includes('Hello\0')) return message(2, serial, 's', text(':1.1'));
  if (said.includes('org.kde.StatusNotifierWatcher\0') && said.includes('IsStatusNotifierHostRegistered\0') && host) return message(2, serial, 'v', Buffer.from([1, 0x62, 0, 0, 1, 0, 0, 0]));
  return message(3, serial, 's', text('The name is not on this bus'));
}

const text = (value: string): Buffer => Buffer.concat([uint32(value.length), Buffer.from(`${value}\0`)]);
const uint32 = (value: number): Buffer => { const bytes = Buffer.alloc(4); bytes.writeUInt32LE(value); return bytes; };

/** Type 2 returns, 3 is an error. The header says which call it answers (field 5) and of what type the body is (field 8). */
function message(type: 2 | 3, serial: number, signature: string, body: Buffer): Buffer {
  const fields = Buffer.concat([
    Buffer.from([5, 1, 0x75, 0]), uint32(serial), Buffer.from([8, 1, 0x67, 0, 1, ...Buffer.from(signature), 0]),
    ...(type === 3 ? [Buffer.from([0, 4, 1, 0x73, 0]), text('org.freedesktop.DBus.Error.ServiceUnknown')] : []),
  ]);
  const padding = Buffer.alloc((8 - (fields.length % 8)) % 8);
  return Buffer.concat([Buffer.from([0x6c, type, 1, 1]), uint32(body.length), uint32(serial), uint32(fields.length), fields, padding, body]);
}
