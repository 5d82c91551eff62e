import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { documentKinds, kindTable } from '../../../src-shared/documents/index.ts';
import type { ClaimsOf, DocumentKind } from '../../../src-shared/documents/index.ts';

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
