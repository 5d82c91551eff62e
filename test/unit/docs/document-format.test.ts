import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { documentKinds, kindTable, signDocument } from '../../../src-shared/documents/index.ts';
import type { ClaimsOf, DocumentKind } from '../../../src-shared/documents/index.ts';
import { fingerprintParts, judgeFingerprint, mostValues } from '../../../src-shared/fingerprint.ts';
import type { FingerprintPart } from '../../../src-shared/fingerprint.ts';
import { normalize } from '../../../src-main/adapter/machine/normalize.ts';
import { licenseClaims, newScene } from '../../support/documents.ts';

/** docs/document-format.md is what others build on: its examples are real, its tables complete, its code runs. */
const project = resolve(import.meta.dirname, '../../..');
const page = readFileSync(join(project, 'docs/document-format.md'), 'utf8');
/** The first version that had the kind. */
const versionOf = (kind: DocumentKind): string => (kind === 'time' ? 'v2' : 'v1');
const fixture = (kind: DocumentKind): string => join(project, 'test/fixture', versionOf(kind), `${kind}${kindTable[kind].extension}`);
type Frozen = Record<DocumentKind, { kid: string; claims: unknown }>;
const readParsed = (version: string): Frozen => JSON.parse(readFileSync(join(project, 'test/fixture', version, 'parsed.json'), 'utf8')) as Frozen;
const parsed: Frozen = { ...readParsed('v1'), time: readParsed('v2').time };

const titles = { request: 'Activation request', license: 'License file', release: 'Release proof', receipt: 'Receipt', keyset: 'Keyset', time: 'Time ticket' } as const;
const section = (kind: DocumentKind): string => page.split(`\n## ${titles[kind]}\n`)[1]?.split('\n## ')[0] ?? '';

describe.each([...documentKinds])('the %s', (kind) => {
  test('is described by every claim it has and no other', () => {
    const rows = [...section(kind).matchAll(/^\| ((?:`\w+`(?:, )?)+) \|/gm)].flatMap(([, names = '']) => names.split(', ').map((name) => name.replaceAll('`', '')));
    const { shape } = kindTable[kind].claims as unknown as z.ZodObject;
    expect(rows.toSorted()).toEqual(Object.keys(shape).toSorted());
  });

  test('has a real example', () => {
    expect(section(kind)).toContain(`\`\`\`\n${readFileSync(fixture(kind), 'utf8')}\`\`\``);
    const blocks = [...section(kind).matchAll(/```json\n([\s\S]*?)```/g)].map(([, json = '']) => JSON.parse(json) as unknown);
    expect(blocks).toEqual([{ alg: 'Ed25519', typ: kindTable[kind].typ, kid: parsed[kind].kid }, parsed[kind].claims]);
  });

  test('stands in the table of documents', () => {
    const { typ, extension, label } = kindTable[kind];
    expect(page).toMatch(new RegExp(`\\| \`\\${extension}\` \\| \`${typ.replace('+', '\\+')}\` \\| [^|]+ \\| \`${label}\` \\|`));
  });
});

describe('the code for licensed applications', () => {
  type Code = {
    readonly licenseKeys: (keyset: string) => ReadonlyMap<string, unknown>;
    readonly readLicense: (path: string, keys: ReadonlyMap<string, unknown>, product: string, now?: number) => Promise<ClaimsOf<'license'>>;
    readonly followKeyset: (known: string, newer: string) => Promise<string>;
    readonly isSameComputer: (license: ClaimsOf<'license'>, values: Partial<Record<FingerprintPart, readonly string[]>>) => boolean;
    readonly isForThisComputer: (license: ClaimsOf<'license'>, machineId: string) => boolean;
  };
  const { iat, exp } = parsed.license.claims as ClaimsOf<'license'>;
  let folder: string;
  let code: Code;
  let keys: ReadonlyMap<string, unknown>;

  beforeAll(async () => {
    const text = /```ts\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
    // Inside the project, so that it finds the same jose that an application would install.
    mkdirSync(join(project, '.tsbuild'), { recursive: true });
    folder = mkdtempSync(join(project, '.tsbuild', 'document-format-'));
    writeFileSync(join(folder, 'verify.ts'), text);
    code = (await import(/* @vite-ignore */ join(folder, 'verify.ts'))) as Code;
    keys = code.licenseKeys(readFileSync(fixture('keyset'), 'utf8'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const altered = (change: (text: string) => string): string => {
    const path = join(folder, 'altered.lklic');
    writeFileSync(path, change(readFileSync(fixture('license'), 'utf8')));
    return path;
  };

  test('accepts the license file of the example, on the computer it is for', async () => {
    const license = await code.readLicense(fixture('license'), keys, 'stage', iat + 60);
    expect(license).toEqual(parsed.license.claims);
    expect(code.isForThisComputer(license, '3d1219c7c4c5404aaa1f6d2a48adfda4\n')).toBe(true);
    expect(code.isForThisComputer(license, 'ffffffffc4c5404aaa1f6d2a48adfda4')).toBe(false);
    expect(await code.readLicense(altered((text) => text.replaceAll('\n', '\r\n')), keys, 'stage', iat + 60)).toEqual(license);
  });

  test('takes the next keyset, signed by a root key of the one before, and no other', async () => {
    const [scene, stranger] = [await newScene(), await newScene()];
    const sign = (version: number, change: Partial<ClaimsOf<'keyset'>> = {}, key = scene.root.key) => signDocument('keyset', { ...scene.keyset, version, ...change }, key);
    const first = await sign(1);
    const second = await sign(2);
    expect(await code.followKeyset(first, second)).toBe(second);
    await expect(code.followKeyset(second, first)).rejects.toThrow('not newer');
    await expect(code.followKeyset(first, first)).rejects.toThrow('not newer');
    await expect(code.followKeyset(first, await sign(2, {}, stranger.root.key))).rejects.toThrow('unknown root key');
    await expect(code.followKeyset(first, await sign(2, {}, scene.license.key))).rejects.toThrow('unknown root key');
    await expect(code.followKeyset(first, await sign(2, { iss: stranger.authority }))).rejects.toThrow('no keyset of the authority');
    const revoked = await sign(2, { keys: scene.keyset.keys.map((key) => (key.role === 'root' ? { ...key, revokedAt: key.notBefore + 1 } : key)) });
    await expect(code.followKeyset(revoked, await sign(3))).rejects.toThrow('unknown root key');
    await expect(code.followKeyset(first, readFileSync(fixture('license'), 'utf8'))).rejects.toThrow('no keyset');
  });

  test('refuses a license file of a key that the keyset has revoked, and of a root key', async () => {
    const scene = await newScene();
    const keysOf = async (change: (key: ClaimsOf<'keyset'>['keys'][number]) => ClaimsOf<'keyset'>['keys'][number]) =>
      code.licenseKeys(await signDocument('keyset', { ...scene.keyset, keys: scene.keyset.keys.map(change) }, scene.root.key));
    const claims = licenseClaims(scene);
    const read = async (key: typeof scene.license.key, known: ReadonlyMap<string, unknown>) => {
      const path = join(folder, 'signed.lklic');
      writeFileSync(path, await signDocument('license', claims, key));
      return code.readLicense(path, known, claims.license.product.id, claims.nbf + 1);
    };
    expect(await read(scene.license.key, await keysOf((key) => key))).toEqual(claims);
    await expect(read(scene.license.key, await keysOf((key) => (key.role === 'license' ? { ...key, revokedAt: key.notBefore + 1 } : key)))).rejects.toThrow('unknown key');
    await expect(read(scene.root.key, await keysOf((key) => key))).rejects.toThrow('unknown key');
  });

  test('tells the same computer from another one exactly as Latchkey does', () => {
    const subsets = Array.from({ length: 32 }, (_, bits) => fingerprintParts.filter((__, place) => (bits >> place) % 2 === 1));
    const hash = (part: string, value: string): string => createHash('sha256').update(`latchkey-fp-v1\0${part}\0${value}`).digest('base64url');
    const valuesOf = (part: FingerprintPart, isOther: boolean): string[] => (part === 'net' ? ['card', 'shared'] : ['value']).map((value) => (isOther ? `other ${value}` : value));
    for (const known of subsets) {
      for (const changed of subsets) {
        const fp = { v: 1 as const, parts: Object.fromEntries(known.map((part) => [part, valuesOf(part, false).map((value) => hash(part, value))])) };
        const values = Object.fromEntries(fingerprintParts.map((part) => [part, valuesOf(part, changed.includes(part))]));
        const present = { v: 1 as const, parts: Object.fromEntries(fingerprintParts.map((part) => [part, values[part]?.map((value) => hash(part, value)) ?? []])) };
        const license = { ...(parsed.license.claims as ClaimsOf<'license'>), fp };
        expect([known, changed, code.isSameComputer(license, values)]).toEqual([known, changed, judgeFingerprint(fp, present).within]);
      }
    }
    const many = { v: 1 as const, parts: { os: ['one', 'two'].map((value) => hash('os', value)), cpu: [hash('cpu', 'one')] } };
    expect(code.isSameComputer({ ...(parsed.license.claims as ClaimsOf<'license'>), fp: many as never }, { os: ['one'] })).toBe(false);
  });

  test('is told the very values that the parts of a fingerprint are hashes of, and how many there can be', () => {
    const rows = [...page.matchAll(/^\| `(os|board|cpu|disk|net)` \|.*\|([^|\n]*)\| `(.*)` \|$/gm)].map(([, part = '', count = '', example = '']) => ({ part: part as FingerprintPart, count, example: example.replaceAll('\\|', '|') }));
    const raw = {
      os: '{3D1219C7C4C5404AAA1F6D2A48ADFDA4}', hostname: 'ws-042',
      board: { uuid: '4C4C4544-0051-3510-8052-B4C04F564432', manufacturer: 'Dell Inc.', model: '0X8DXD', serial: '/7QQ5RV2/CNFCW0096B00F5/' },
      cpu: { manufacturer: 'Intel', brand: 'Xeon®  W-2245', family: '6', model: '85', stepping: '7' },
      disks: [{ device: '/dev/nvme0n1', serial: ' S4EWNX0R512345', removable: false }], systemDisk: '/dev/nvme0n1',
      interfaces: [{ name: 'eno1', mac: '54:BF:64:0A:1B:2C', internal: false, virtual: false, type: 'wired' }],
    };
    const told = Map.groupBy(rows, ({ part }) => part);
    expect(Object.fromEntries(fingerprintParts.map((part) => [part, told.get(part)?.map(({ example }) => example)]))).toEqual(normalize(raw));
    for (const part of fingerprintParts) expect([part, Number.parseInt(told.get(part)?.[0]?.count ?? '', 10)]).toEqual([part, mostValues[part]]);
  });

  test('refuses it when it has ended, has not begun, is for another product, or is another kind of document', async () => {
    await expect(code.readLicense(fixture('license'), keys, 'stage', exp)).rejects.toThrow('has ended');
    await expect(code.readLicense(fixture('license'), keys, 'stage', iat - 301)).rejects.toThrow('not begun');
    await expect(code.readLicense(fixture('license'), keys, 'grade', iat + 60)).rejects.toThrow('another product');
    await expect(code.readLicense(fixture('receipt'), keys, 'stage', iat + 60)).rejects.toThrow('no license file');
    const posing = altered(() => readFileSync(fixture('receipt'), 'utf8').replaceAll('RECEIPT', 'LICENSE FILE'));
    await expect(code.readLicense(posing, keys, 'stage', iat + 60)).rejects.toThrow('another kind');
  });

  test('refuses it when a character of it has changed, or its key is not among those that are trusted', async () => {
    const lines = readFileSync(fixture('license'), 'utf8').split('\n');
    for (let line = 1; line < lines.length - 2; line += 1) {
      const path = altered(() => lines.with(line, (lines[line] ?? '').replace(/^./, (character) => (character === 'A' ? 'B' : 'A'))).join('\n'));
      await expect(code.readLicense(path, keys, 'stage', iat + 60)).rejects.toThrow();
    }
    await expect(code.readLicense(fixture('license'), new Map(), 'stage', iat + 60)).rejects.toThrow('unknown key');
  });
});
