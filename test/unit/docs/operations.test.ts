import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import config from '../../../electron.vite.config.ts';
import { chooseAuthority, deploymentFile } from '../../../src-main/shell/deployment.ts';
import { homeNames } from '../../../src-shared/home-names.ts';

/** What docs/operations.md says of the build, of the administrator's file and of the homes, read there and held against what does it. */
const project = resolve(import.meta.dirname, '../../..');
const page = readFileSync(join(project, 'docs/operations.md'), 'utf8');
const section = (title: string): string => page.split(new RegExp(`\\n#{2,3} ${title}\\n`))[1]?.split(/\n#{2,3} /)[0] ?? '';
/** The cells of a section's table rows, without its head. */
const rows = (title: string): readonly (readonly string[])[] =>
  section(title).split('\n').filter((line) => line.startsWith('|')).slice(2).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
const spans = (cell: string): readonly string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'latchkey-handbook-'))));
afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  rmSync(folder, { recursive: true, force: true });
});

describe("the administrator's file", () => {
  const systems = { Windows: 'win32', macOS: 'darwin', Linux: 'linux' } as const;
  const [first] = rows('Deploying');
  const content = spans(first?.[2] ?? '')[0] ?? '';
  const read = (system: keyof typeof systems, text: string) => {
    const named = spans(rows('Deploying').find(([name]) => name === system)?.[1] ?? '')[0] ?? '';
    // A real file, where the test can write one.
    writeFileSync(join(folder, 'deployment.json'), text);
    const asked: string[] = [];
    const env = { ProgramData: '%ProgramData%', LATCHKEY_AUTHORITY: 'https://environment.example' };
    const authority = chooseAuthority({ env, packaged: true, platform: systems[system], built: 'https://built.example', read: (file) => {
      asked.push(file.replaceAll('/', system === 'Windows' ? '\\' : '/'));
      return readFileSync(join(folder, 'deployment.json'), 'utf8');
    } });
    return { named, asked, authority };
  };

  test.each(['Windows', 'macOS', 'Linux'] as const)('is looked for on %s where the page says, and names the authority', (system) => {
    const { named, asked, authority } = read(system, content);
    expect(asked).toEqual([named]);
    expect(authority).toBe('https://licenses.studio.example');
  });

  test('makes a machine without a network of one with an empty address', () => {
    expect(section('Deploying')).toContain('`""` is a machine without a network');
    expect(read('Linux', content.replace('https://licenses.studio.example', '')).authority).toBeNull();
    expect(deploymentFile('linux', {})).toBe('/etc/latchkey/deployment.json');
  });
});

describe('a build for an organization', () => {
  const package_ = () => {
    const made = typeof config === 'function' ? config({ mode: 'package', command: 'build' }) : config;
    if (made instanceof Promise || !('main' in made)) throw new Error('the configuration has another form');
    return JSON.parse(String(made.main?.define?.['__LATCHKEY_BUILD__'])) as unknown;
  };
  /** What the app reads of it. */
  const built = async () => {
    vi.stubGlobal('__LATCHKEY_BUILD__', package_());
    vi.resetModules();
    return (await import('../../../src-main/shell/build.ts')).build;
  };
  const clear = (): void => {
    for (const name of Object.keys(process.env).filter((each) => each.startsWith('LATCHKEY_BUILD_'))) vi.stubEnv(name, undefined);
  };

  test('knows the variables of the page and no others', () => {
    const read = [...readFileSync(join(project, 'electron.vite.config.ts'), 'utf8').matchAll(/process\.env\['(LATCHKEY_BUILD_\w+)'\]/g)].map(([, name = '']) => name);
    expect(rows('Building for your organization').map(([name = '']) => spans(name)[0]).toSorted()).toEqual([...new Set(read)].toSorted());
  });

  test('has what each of them says compiled in', async () => {
    clear();
    writeFileSync(join(folder, 'studio.lkkeys'), 'the text of a keyset');
    writeFileSync(join(folder, 'catalog.json'), JSON.stringify([{ id: 'stage', name: 'Stage' }]));
    vi.stubEnv('LATCHKEY_BUILD_KEYSET', join(folder, 'studio.lkkeys'));
    vi.stubEnv('LATCHKEY_BUILD_AUTHORITY', 'https://licenses.studio.example');
    vi.stubEnv('LATCHKEY_BUILD_CATALOG', join(folder, 'catalog.json'));
    vi.stubEnv('LATCHKEY_BUILD_HELP', 'https://help.studio.example');
    vi.stubEnv('LATCHKEY_BUILD_ID', '2026-11-30.2');
    expect(await built()).toEqual({ keyset: 'the text of a keyset', authority: 'https://licenses.studio.example', catalog: [{ id: 'stage', name: 'Stage' }], help: 'https://help.studio.example', id: '2026-11-30.2' });
  });

  /** Of a checkout; elsewhere nobody says what the sources are. */
  const commit = (): string | null => {
    const { status, stdout } = spawnSync('git', ['rev-parse', '--short=12', 'HEAD'], { cwd: project, encoding: 'utf8' });
    return status === 0 ? stdout.trim() : null;
  };

  test('trusts nobody, has no network, no help and the demo products where the page says so', async () => {
    clear();
    vi.stubEnv('LATCHKEY_BUILD_KEYSET', 'none');
    expect(await built()).toEqual({ keyset: null, authority: null, help: null, id: commit(), catalog: JSON.parse(readFileSync(join(project, 'assets/catalog.json'), 'utf8')) as unknown });
  });

  test('is not made without a keyset: `npm run package` refuses', () => {
    const { scripts } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
    const [, ...args] = scripts['package']?.split(' && ')[0]?.split(' ') ?? [];
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('LATCHKEY_BUILD_')));
    expect(() => execFileSync(process.execPath, args, { cwd: project, env, stdio: 'pipe', timeout: 60_000 })).toThrow(/LATCHKEY_BUILD_KEYSET is not set/);
  });
});

describe('the names in the homes', () => {
  test.each([['What the app keeps, and where', homeNames.machine], ['Loading again', homeNames.authority]] as const)('of the table in "%s" are those that no command writes over', (title, names) => {
    // A folder of the home stands for what is in it.
    const named = rows(title).filter(([name = '']) => !name.startsWith('`-')).flatMap(([name = '']) => spans(name)).map((name) => name.split('/')[0] ?? '').filter((name) => !/^[.*-]/.test(name));
    expect(named.length).toBeGreaterThan(2);
    expect(named.filter((name) => !names.test(name.replaceAll('<time>', '2026')))).toEqual([]);
  });
});
