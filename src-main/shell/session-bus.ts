import { connect } from 'node:net';
import { join } from 'node:path';

/**
 * Asks one question of the desktop's session bus: a property that is true or false. Null where nobody answers in time, there is no
 * bus, or no such property. Only what this question needs of the D-Bus Specification ("Message Protocol", "Authentication
 * Protocol"), because the program that would ask it for us is not on every desktop.
 */
export const askSessionBus = (env: NodeJS.ProcessEnv, property: BusProperty, patienceMs = 2000): Promise<boolean | null> => {
  const path = busSocket(env);
  if (path === null) return Promise.resolve(null);
  return new Promise((answer) => {
    let read: Buffer = Buffer.alloc(0);
    let isIn = false;
    const socket = connect({ path });
    const end = (value: boolean | null): void => {
      clearTimeout(patience);
      socket.destroy();
      answer(value);
    };
    const patience = setTimeout(() => end(null), patienceMs);
    socket.on('error', () => end(null));
    socket.on('close', () => end(null));
    socket.on('connect', () => socket.write(`\0AUTH EXTERNAL ${Buffer.from(String(process.getuid?.() ?? 0)).toString('hex')}\r\n`));
    socket.on('data', (part) => {
      read = Buffer.concat([read, part]);
      if (read.length > mostBytes) return end(null);
      if (!isIn) {
        const line = read.indexOf('\r\n');
        if (line === -1) return;
        if (!read.subarray(0, line).toString('latin1').startsWith('OK ')) return end(null);
        isIn = true;
        read = read.subarray(line + 2);
        socket.write('BEGIN\r\n');
        socket.write(callOf(1, { to: 'org.freedesktop.DBus', path: '/org/freedesktop/DBus', of: 'org.freedesktop.DBus', member: 'Hello', texts: [] }));
        socket.write(callOf(question, { to: property.service, path: property.path, of: 'org.freedesktop.DBus.Properties', member: 'Get', texts: [property.interface, property.name] }));
      }
      for (let message = firstMessage(read); message !== null; message = firstMessage(read)) {
        read = read.subarray(message.length);
        if (message.answers === question) return end(message.isReturn ? booleanIn(message.body) : null);
      }
    });
  });
};

export type BusProperty = { readonly service: string; readonly path: string; readonly interface: string; readonly name: string };

/** Names and greetings of a bus fit into a little; nobody else is heard. */
const mostBytes = 64 * 1024;
/** The number of the message that asks. */
const question = 2;

/** Of `unix:path=/run/user/1000/bus` and `unix:abstract=...`, the first that is a socket; without the variable where systemd puts it. */
export const busSocket = (env: NodeJS.ProcessEnv): string | null => {
  const addresses = env['DBUS_SESSION_BUS_ADDRESS'];
  if (!addresses) return env['XDG_RUNTIME_DIR'] ? join(env['XDG_RUNTIME_DIR'], 'bus') : null;
  for (const address of addresses.split(';')) {
    const [, kind, value] = /^unix:(?:[^,]*,)*?(path|abstract)=([^,]*)/.exec(address) ?? [];
    const text = value === undefined ? null : unescaped(value);
    if (text !== null) return kind === 'path' ? text : `\0${text}`;
  }
  return null;
};

const unescaped = (value: string): string | null => {
  try {
    return decodeURIComponent(value);
  } catch {
    return null;
  }
};

type Call = { readonly to: string; readonly path: string; readonly of: string; readonly member: string; readonly texts: readonly string[] };

/** A method call whose arguments are texts, little-endian. It starts no service that does not run (flag 2). */
const callOf = (serial: number, { to, path, of, member, texts }: Call): Buffer => {
  const body = writer();
  for (const text of texts) body.text(text);
  const fields = writer();
  const field = (code: number, type: 'o' | 's' | 'g', value: string): void => {
    fields.align(8);
    fields.byte(code);
    fields.signature(type);
    if (type === 'g') fields.signature(value);
    else fields.text(value);
  };
  field(1, 'o', path);
  field(2, 's', of);
  field(3, 's', member);
  field(6, 's', to);
  if (texts.length > 0) field(8, 'g', 's'.repeat(texts.length));
  const head = writer();
  for (const byte of [0x6c, 1, 2, 1]) head.byte(byte);
  head.number(body.bytes.length);
  head.number(serial);
  head.number(fields.bytes.length);
  head.bytes.push(...fields.bytes);
  head.align(8);
  return Buffer.from([...head.bytes, ...body.bytes]);
};

const writer = () => {
  const bytes: number[] = [];
  const align = (to: number): void => {
    while (bytes.length % to !== 0) bytes.push(0);
  };
  const number = (value: number): void => {
    align(4);
    bytes.push(value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >> 24) & 255);
  };
  return {
    bytes, align, number,
    byte: (value: number): void => void bytes.push(value),
    text(value: string): void {
      number(Buffer.byteLength(value));
      bytes.push(...Buffer.from(value), 0);
    },
    signature: (value: string): void => void bytes.push(value.length, ...Buffer.from(value), 0),
  };
};

type Message = { readonly length: number; readonly isReturn: boolean; readonly answers: number | null; readonly body: Buffer };

/** The first message, if all of it is there. */
const firstMessage = (bytes: Buffer): Message | null => {
  if (bytes.length < 16) return null;
  const number = numbersOf(bytes);
  const bodyLength = number(4);
  const fieldsEnd = 16 + number(12);
  const bodyStart = Math.ceil(fieldsEnd / 8) * 8;
  const length = bodyStart + bodyLength;
  if (bytes.length < length) return null;
  return { length, isReturn: bytes[1] === 2, answers: replySerial(bytes.subarray(0, fieldsEnd)), body: Buffer.from(bytes.subarray(bodyStart, length)) };
};

const numbersOf = (bytes: Buffer): ((at: number) => number) => (bytes[0] === 0x42 ? (at) => bytes.readUInt32BE(at) : (at) => bytes.readUInt32LE(at));

/** The header field 5; the fields before it are passed over by their types. */
const replySerial = (head: Buffer): number | null => {
  const number = numbersOf(head);
  const aligned = (at: number, to: number): number => Math.ceil(at / to) * to;
  for (let at = 16; at + 4 < head.length;) {
    at = aligned(at, 8);
    const code = head[at];
    const type = String.fromCharCode(head[at + 2] ?? 0);
    at += 4;
    if (type === 'u') {
      at = aligned(at, 4);
      if (code === 5) return at + 4 <= head.length ? number(at) : null;
      at += 4;
    } else if (type === 'g') {
      at += 2 + (head[at] ?? 0);
    } else if (type === 's' || type === 'o') {
      at = aligned(at, 4);
      if (at + 4 > head.length) return null;
      at += 5 + number(at);
    } else {
      return null;
    }
  }
  return null;
};

/** A variant that holds a boolean. */
const booleanIn = (body: Buffer): boolean | null =>
  body.length >= 8 && body[0] === 1 && body[1] === 0x62 ? body.subarray(4, 8).some((byte) => byte !== 0) : null;
