import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import { loadFormat } from '../../../src-authority/load/format.ts';
import { createAuthorityClient } from '../../../src-main/adapter/authority/client.ts';
import { openEvents } from '../../../src-main/adapter/authority/events.ts';
import { createFileVault } from '../../../src-main/adapter/secret-file.ts';
import { isSafeAddress } from '../../../src-main/adapter/trust.ts';
import { createCounterCopy } from '../../../src-main/adapter/store/counter.ts';
import { assetOf } from '../../../src-main/shell/asset-path.ts';
import { chooseAuthority } from '../../../src-main/shell/deployment.ts';
import { allowedLink } from '../../../src-main/shell/external-links.ts';
import { passCall } from '../../../src-main/shell/passage.ts';
import { createSecretFiles } from '../../../src-main/shell/secret-files.ts';
import { fitBounds, readWindowBounds, smallest } from '../../../src-main/shell/window-bounds.ts';
import { readAddresses } from '../../../src-renderer/people/addresses.ts';
import { isErrorCode } from '../../../src-shared/errors.ts';
import { contract } from '../../../src-shared/http/index.ts';
import type { CallAuthority, Route } from '../../../src-shared/http/index.ts';
import { ipcInput } from '../../../src-shared/ipc-input.ts';
import { fail, Refusal } from '../../../src-shared/result.ts';
import { noKeychain } from '../keychain.ts';
import { must } from './engine.ts';
import type { Target, Verdict } from './engine.ts';
import { samplesOf } from './grammar.ts';

/** What comes over HTTP, over IPC, from files beside us, and from people's hands. */
const bytes = (text: string): Uint8Array => Buffer.from(text);
const text = (input: Uint8Array): string => Buffer.from(input).toString('utf8');
const SAMPLES = 6;

const reviver = (_: string, value: unknown): unknown => (typeof value === 'string' && value.startsWith('bytes:') ? Buffer.from(value.slice(6)) : value);
const asJson = (input: Uint8Array): { readonly value: unknown } | null => {
  try {
    return { value: JSON.parse(text(input), reviver) as unknown };
  } catch {
    return null;
  }
};

/** What a schema lets in, it lets in again unchanged, and nothing that it let in carries a prototype of somebody's making. */
const holds = (schema: z.ZodType, value: unknown): Verdict => {
  const first = schema.safeParse(value);
  if (!first.success) {
    must(first.error.issues.length > 0, 'a refusal says nothing');
    return 'refused';
  }
  const second = schema.safeParse(first.data);
  must(second.success && isDeepStrictEqual(second.data, first.data), 'what was let in is not let in again unchanged');
  return 'taken';
};

const bySchema = (name: string, schema: z.ZodType, weight = 1, more: readonly string[] = []): Target => ({
  name, weight, seeds: [...more.map(bytes), ...samplesOf(schema, SAMPLES, 7).map((sample) => bytes(JSON.stringify(sample) ?? 'null'))],
  run: (input) => {
    const json = asJson(input);
    return json === null ? 'refused' : holds(schema, json.value);
  },
});

const routes = Object.entries(contract).flatMap(([section, operations]) => Object.entries(operations as Record<string, Route>).map(([name, route]) => [`${section}.${name}`, route] as const));
const httpTargets = (): readonly Target[] =>
  routes.flatMap(([name, route]) => (['params', 'query', 'body', 'reply'] as const).flatMap((part) => (route[part] ? [bySchema(`http-${name}-${part}`, route[part])] : [])));

const ipcTargets = (): readonly Target[] => Object.entries(ipcInput).map(([channel, schema]) => bySchema(`ipc-${channel}`, schema, 1, channel === 'exchange.inspect' || channel === 'exchange.import' ? ['{"bytes":"bytes:abc"}'] : []));

const refusing = async (work: () => unknown): Promise<Verdict> => {
  try {
    return (await work()) === null ? 'refused' : 'taken';
  } catch (error) {
    if (error instanceof Refusal) return 'refused';
    throw error;
  }
};

const passageTarget: Target = {
  name: 'passage', weight: 3,
  seeds: routes.flatMap(([name, route]) => (route.auth === 'machine' ? [] : [bytes(JSON.stringify({ name, call: Object.fromEntries((['params', 'query', 'body'] as const).flatMap((part) => (route[part] ? [[part, samplesOf(route[part], 1, 3)[0]]] : []))) }))])),
  run: async (input) => {
    const json = asJson(input);
    const read = ipcInput['authority.call'].safeParse(json?.value);
    if (!read.success) return 'refused';
    let passed: Route | null = null;
    const call = (async (route: Route) => {
      passed = route;
      return fail('NOT_FOUND');
    }) as unknown as CallAuthority;
    await passCall(call, read.data as Parameters<typeof passCall>[1]);
    if (passed === null) return 'refused';
    must((passed as Route).auth !== 'machine', 'the page speaks as a machine');
    for (const part of ['params', 'query', 'body'] as const) {
      const given = read.data.call[part];
      must((passed as Route)[part] === undefined ? given === undefined : ((passed as Route)[part] as z.ZodType).safeParse(given ?? (part === 'query' ? {} : given)).success, `${part} passed unjudged`);
    }
    return 'taken';
  },
};

/** The stream as it is read by the client, whole and in pieces: both must tell the same events. */
const eventsOf = (pieces: readonly Uint8Array[]): Promise<readonly unknown[]> =>
  new Promise((resolve, reject) => {
    const events: unknown[] = [];
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (const piece of pieces) if (piece.length > 0) controller.enqueue(piece);
        controller.close();
      },
    });
    const close = openEvents({
      url: new URL('http://127.0.0.1/v1/events'), token: 't', fetch: async () => new Response(body),
      listener: {
        up: () => undefined,
        down: () => {
          queueMicrotask(() => close());
          resolve(events);
        },
        event: (event) => {
          must(['hello', 'lease', 'entitlements', 'account'].includes(event.type), 'an event that does not exist');
          events.push(event);
        },
      },
    });
    setTimeout(() => reject(new Error('the stream never ended')), 5000).unref();
  });
const stream = ['{"type":"hello","now":1}', '{"type":"lease","lease":"lse_1","machine":"mch_1"}', '{"type":"entitlements","organization":"org_1"}', '{"type":"account"}'].map((data) => `data: ${data}\n\n`);
const eventTarget: Target = {
  name: 'events', weight: 3, seeds: [stream.join(''), `: still here\n\n${stream[0] ?? ''}`, 'event: x\r\nid: 1\r\nretry: 5\r\ndata: {"type":"account"}\r\n\r\n', 'data: {\ndata: "type":"account"}\n\n'].map(bytes),
  run: async (input) => {
    const whole = await eventsOf([input]);
    const third = Math.floor(input.length / 3);
    const pieces = await eventsOf([input.subarray(0, third), input.subarray(third, third * 2), input.subarray(third * 2)]);
    must(isDeepStrictEqual(whole, pieces), 'the same stream tells something else when it comes in pieces');
    return whole.length > 0 ? 'taken' : 'refused';
  },
};

const replyTarget: Target = {
  name: 'client-reply', weight: 3,
  seeds: [
    ...samplesOf(contract.leases.mine.reply, 4, 5).map((value) => JSON.stringify({ ok: true, value })), JSON.stringify({ ok: false, code: 'SEAT_LIMIT_EXCEEDED', details: { owned: 2, list: [{ a: null }] } }), '<html>', '{"ok":true}',
  ].map(bytes),
  run: async (input) => {
    const client = createAuthorityClient({ url: 'http://127.0.0.1:1', fetch: async () => new Response(Uint8Array.from(input)) });
    const result = await client.call(null)(contract.leases.mine, {});
    if (!result.ok) {
      must(isErrorCode(result.code), 'a code that does not exist');
      return 'refused';
    }
    must(contract.leases.mine.reply.safeParse(result.value).success, 'a reply that is not in the contract was taken');
    return 'taken';
  },
};

const folders: string[] = [];
/** Removes what the targets have written; they cannot be used any more then. */
export const cleanUp = (): void => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
};

const fileTargets = (): readonly Target[] => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-fuzz-'));
  folders.push(folder);
  const file = (name: string, input: Uint8Array): string => {
    writeFileSync(join(folder, name), input);
    return join(folder, name);
  };
  const vault = createFileVault(folder);
  const secrets = createSecretFiles(folder, noKeychain);
  const secretSeeds = ['{"v":1,"sealed":"no","value":"s3cret"}', '{"v":1,"sealed":"keychain","value":"AAAA"}'].map(bytes);
  const displays = [{ x: 0, y: 0, width: 1920, height: 1080 }, { x: -1280, y: 200, width: 1280, height: 1024 }];
  return [
    {
      name: 'counter-copy', weight: 1, seeds: ['42\n', '0', '999999999999999', '7\n{"v":1,"highest":1780315200,"signed":1780315100,"released":{"lse_1":1790315200}}\n', '7\n{"v":2,"highest":1780315200,"signed":1780315100,"released":{"lse_1":1790315200},"held":{"lse_2":3}}\n', '7\n{"v":3,"name":"WS-042","highest":1780315200,"signed":1780315100,"released":{},"held":{}}\n'].map(bytes),
      run: (input) => {
        const copy = createCounterCopy(file('counter', input)).read();
        if (copy === null) return 'refused';
        const { seq, highest, signed, released, held } = copy;
        must([seq, highest, signed, ...released.values(), ...held.values()].every((each) => Number.isSafeInteger(each)) && Math.min(seq, highest, signed) >= 0, 'a counter that is no number');
        return 'taken';
      },
    },
    { name: 'secret-file', weight: 1, seeds: secretSeeds, run: (input) => { file('machine-key.json', input); return refusing(() => vault.read('machine-key')); } },
    { name: 'app-secret-key', weight: 1, seeds: secretSeeds, run: (input) => { file('machine-key.json', input); return refusing(() => secrets.read('machine-key')); } },
    { name: 'app-secret-session', weight: 1, seeds: secretSeeds, run: (input) => { file('session.json', input); return refusing(() => secrets.read('session')); } },
    {
      name: 'window-bounds', weight: 1, seeds: ['{"bounds":{"x":1,"y":2,"width":1000,"height":700},"maximized":false}', '{"bounds":null,"maximized":true}', '{"bounds":null,"maximized":false,"fullScreen":true,"places":[{"displays":"0,0 1x1@1","bounds":null,"maximized":true}]}'].map(bytes),
      run: (input) => {
        const read = readWindowBounds(file('window.json', input));
        const fitted = fitBounds(read.bounds, displays);
        must(Object.values(fitted).every((side) => Number.isSafeInteger(side)) && fitted.width >= smallest.width && fitted.height >= smallest.height, 'a window that nobody can use');
        return read.bounds === null ? 'refused' : 'taken';
      },
    },
  ];
};

const isSafe = (address: string): boolean => {
  const url = new URL(address);
  return url.protocol === 'https:' || (url.protocol === 'http:' && (url.hostname === 'localhost' || url.hostname === '[::1]' || url.hostname.startsWith('127.')));
};

const handTargets: readonly Target[] = [
  {
    name: 'deployment', weight: 1, seeds: ['{"authority":"https://licenses.example"}', '{"authority":""}', '{"authority":"http://127.0.0.1:7420"}'].map(bytes),
    run: (input) => {
      const chosen = chooseAuthority({ env: {}, packaged: true, platform: 'linux', built: null, read: () => text(input) });
      must(chosen === undefined || chosen === null || isSafe(chosen), 'an authority over plain HTTP elsewhere');
      return chosen === undefined ? 'refused' : 'taken';
    },
  },
  {
    name: 'authority-address', weight: 1, seeds: ['https://licenses.example', 'http://127.0.0.1:7420', 'http://licenses.example', 'http://name.localhost'].map(bytes),
    run: (input) => {
      const given = text(input);
      if (!isSafeAddress(given)) return 'refused';
      must(isSafe(given) || new URL(given).hostname.endsWith('.localhost'), 'a password over plain HTTP elsewhere');
      return 'taken';
    },
  },
  {
    name: 'addresses', weight: 3,
    seeds: ['ida@example.com, tom@example.com;x@y.example', 'Name\tMail\nTom Berg <tom@example.com>\tSales\n"o\'brien@example.com"', 'mailto:a@b.example c@d.example\nida.example.com', 'notanaddress; qux@x.example\nfoo, Berg, Tom <t@x.example>; y@z.example'].map(bytes),
    run: (input) => {
      const { good, malformed, duplicates } = readAddresses(text(input));
      must(good.every((address) => /^[^\s@,;]+@[^\s@,;]+\.[\p{L}\p{M}\p{N}-]{2,}$/u.test(address) && address.length <= 254), 'an address that is none');
      must(new Set(good.map((address) => address.toLowerCase())).size === good.length, 'an address twice');
      must(isDeepStrictEqual(readAddresses(good.join('\n')).good, good), 'good addresses do not come back');
      const typed = text(input);
      const told = new Set(['', ...[...good, ...malformed, ...duplicates].flatMap((each) => each.split(/\s+/))]);
      if (!/[\t<>"']/.test(typed)) must(typed.split(/[\r\n,;]/).every((each) => each.includes('@') || each.trim().split(/\s+/).every((word) => told.has(word) || told.has(word.replace(/^mailto:/i, '')))), 'what is no address is left out silently');
      return malformed.length === 0 && duplicates.length === 0 && good.length > 0 ? 'taken' : 'refused';
    },
  },
  {
    name: 'asset-path', weight: 1, seeds: ['app://latchkey/index.html', 'app://latchkey/', 'app://latchkey/assets/a-1.js?x#y'].map(bytes),
    run: (input) => {
      const asset = assetOf(text(input));
      if (asset === null) return 'refused';
      must(asset.segments.every((segment) => !segment.startsWith('.') && !/[\\/:%\u0000]/.test(segment)), 'a path that climbs');
      return 'taken';
    },
  },
  {
    name: 'external-link', weight: 1, seeds: ['https://portal.example/help', 'https://portal.example@evil.example/', 'https://portal.example.evil.example/'].map(bytes),
    run: (input) => {
      const link = allowedLink(text(input), ['https://portal.example/', null]);
      if (link === null) return 'refused';
      must(new URL(link).origin === 'https://portal.example', 'a link elsewhere');
      return 'taken';
    },
  },
];

export const borderTargets = (): readonly Target[] => [
  ...httpTargets(), ...ipcTargets(), bySchema('load-file', loadFormat, 4), passageTarget, eventTarget, replyTarget, ...fileTargets(), ...handTargets,
];
