import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contract } from '../../src-shared/http/index.ts';
import type { AuthorityEvent } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { PASSWORD, settableClock, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { codeOf, eventually, startClient } from '../support/client.ts';
import type { TestClient } from '../support/client.ts';
import { createCommandLine } from '../support/command.ts';

/** One address behind which one authority answers, or another: a name that was moved, a test system in its place. */
const startAddress = async (first: string) => {
  let target = new URL(first);
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    const authority = keep(connect(Number(target.port), target.hostname));
    keep(client).pipe(authority).pipe(client);
    client.once('close', () => authority.destroy());
    authority.once('close', () => client.destroy());
  });
  await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', ready));
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    leadTo: (url: string): void => {
      target = new URL(url);
      cut();
    },
    close: async () => {
      cut();
      await new Promise((done) => server.close(done));
    },
  };
};

let ours: TestAuthority;
let another: TestAuthority;
let address: Awaited<ReturnType<typeof startAddress>>;
let desk: TestClient;

beforeAll(async () => {
  const clock = settableClock();
  [ours, another] = [await startAuthority({ clock }), await startAuthority({ clock })];
  address = await startAddress(ours.url);
  desk = await startClient({ clock, keyset: ours.keyset(), authority: address.url, name: 'desk' });
});
afterAll(async () => {
  await desk.close();
  await address.close();
  await Promise.all([ours.close(), another.close()]);
});

test('another authority at the same address signs nobody out, and the app hears again when the right one is back', { timeout: 240_000 }, async () => {
  unwrap(await desk.licensing().account.signIn({ email: 'editor@northlight.example', password: PASSWORD }));
  const { lease } = unwrap(await desk.licensing().checkout({ license: 'lic_stage' }));
  const heard: AuthorityEvent[] = [];
  desk.licensing().account.onEvent((event) => heard.push(event));
  await desk.licensing().start();
  await eventually('the app listens', () => heard.some(({ type }) => type === 'hello'), 30_000);

  address.leadTo(another.url);
  expect(codeOf(await desk.licensing().refresh())).toBe('FILE_WRONG_AUTHORITY');
  expect(codeOf(await desk.licensing().mine())).toBe('FILE_WRONG_AUTHORITY');
  // The stream is opened again by itself, and refused by the stranger.
  const streams = () => desk.wire.answered.filter((each) => each.includes('/events')).length;
  const before = streams();
  await eventually('the stream was tried there', () => streams() > before, 30_000);
  desk.schedule.advance(600);
  await eventually('a round has met the stranger', () => desk.licensing().state().picker.problem?.code === 'FILE_WRONG_AUTHORITY', 30_000);
  expect(desk.licensing().state()).toMatchObject({ account: { user: { name: 'Edda Editor' } }, leases: [{ id: lease, standing: { usable: true } }] });

  address.leadTo(ours.url);
  heard.length = 0;
  await eventually('a round has met ours, and the app listens', () => {
    desk.schedule.advance(600);
    return heard.some(({ type }) => type === 'hello');
  }, 180_000);
  const token = await ours.signIn('editor@northlight.example');
  unwrap(await ours.call(token)(contract.accounts.setDefaultOrganization, { body: { organization: await ours.organization(token, 'Harbor') } }));
  await eventually('the change is heard', () => heard.some(({ type }) => type === 'account'), 30_000);
  unwrap(await desk.licensing().refresh());
  expect(desk.licensing().state().account).not.toBeNull();
});

test('a session that our own authority has ended is over', async () => {
  expect(desk.licensing().state().account).not.toBeNull();
  const token = await ours.signIn('editor@northlight.example');
  unwrap(await ours.call(token)(contract.security.endOtherSessions, {}));
  expect(codeOf(await desk.licensing().mine())).toBe('NOT_SIGNED_IN');
  expect(desk.licensing().state().account).toBeNull();
});

test('login at another authority says that another one answers, and speaks of no file', { timeout: 240_000 }, async () => {
  const commands = createCommandLine(ours);
  try {
    const home = commands.home('home');
    const { status, err } = await home.latchkey(['login', '--email', 'editor@northlight.example', '--password-stdin'], { env: { LATCHKEY_AUTHORITY: another.url }, input: PASSWORD });
    expect([status, err]).toEqual([4, expect.stringMatching(/^Another license authority answers at this address: aut_/)]);
    expect(err).not.toMatch(/\bfile\b/i);
  } finally {
    commands.close();
  }
});
