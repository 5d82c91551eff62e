import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extractFile } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentExtensions } from '../../../src-shared/inspection.ts';
import { project } from '../../support/build.ts';
import { compareVersions, newestNeed } from '../../support/elf.ts';
import { buildPackage, type System } from '../../support/package-tools/build.ts';
import type { ToolCall } from '../../support/package-tools/index.ts';

/** Every target of electron-builder.yml for every architecture, as far as the tool that electron-builder hands it to. */
const manifest = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as { readonly version: string; readonly homepage: string; readonly desktopName: string };
const desktopFile = 'app.latchkey.Latchkey.desktop';
let folder = '';
const built = new Map<System, { readonly out: string; readonly calls: readonly ToolCall[] }>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-targets-'));
  for (const system of ['linux', 'win32', 'darwin'] as const) built.set(system, await buildPackage(join(folder, system), system));
}, 10 * 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const outOf = (system: System, ...path: string[]): string => join(folder, system, 'out', ...path);
const callsOf = (system: System, tool: string): readonly ToolCall[] => (built.get(system)?.calls ?? []).filter((call) => call.tool === tool);
const after = ({ args }: ToolCall, name: string): string => args[args.indexOf(name) + 1] ?? '';
const all = ({ args }: ToolCall, name: string): readonly string[] => args.filter((_, index) => args[index - 1] === name);
const lines = (text: string | undefined): Readonly<Record<string, string>> => Object.fromEntries((text ?? '').split('\n').filter((line) => line.includes('=')).map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));

describe.each([
  ['linux', 'linux-unpacked/resources'], ['linux', 'linux-arm64-unpacked/resources'], ['win32', 'win-unpacked/resources'], ['win32', 'win-arm64-unpacked/resources'],
  ['darwin', 'mac/Latchkey.app/Contents/Resources'], ['darwin', 'mac-arm64/Latchkey.app/Contents/Resources'],
] as const)('on %s, %s', (system, resources) => {
  it('holds an app that Electron calls Latchkey, and the native module of that system and architecture alone', () => {
    const asar = outOf(system, resources, 'app.asar');
    expect(JSON.parse(extractFile(asar, 'package.json').toString('utf8'))).toMatchObject({ productName: 'Latchkey', desktopName: desktopFile, version: manifest.version });
    const native = `node_modules/better-sqlite3/prebuilds/${system}-${resources.includes('arm64') ? 'arm64' : 'x64'}.node`;
    expect(readFileSync(outOf(system, resources, 'app.asar.unpacked', native)).equals(readFileSync(join(project, native)))).toBe(true);
  });
});

it('gives every target to its tool, and what it refers to is there', () => {
  const results = [...built.values()].flatMap(({ calls }) => calls.flatMap(({ args }) => args)).flatMap((arg) => /out[/](Latchkey|latchkey)[^"]*\.(AppImage|deb|exe|dmg|zip)(?="?$)/.exec(arg)?.[0].slice(4) ?? []).filter((name) => !name.includes('__uninstaller'));
  const v = manifest.version;
  expect([...new Set(results)].toSorted()).toEqual([
    `Latchkey Setup ${v}.exe`, `Latchkey-${v}-arm64-mac.zip`, `Latchkey-${v}-arm64.AppImage`, `Latchkey-${v}-arm64.dmg`, `Latchkey-${v}-mac.zip`, `Latchkey-${v}.AppImage`, `Latchkey-${v}.dmg`,
    `latchkey_${v}_amd64.deb`, `latchkey_${v}_arm64.deb`,
  ]);
  expect([...built.values()].flatMap(({ calls }) => calls.flatMap(({ missing }) => missing))).toEqual([]);
});

describe.each([['x64', 'amd64', 'linux-unpacked'], ['arm64', 'arm64', 'linux-arm64-unpacked']] as const)('the deb for %s', (_arch, debian, unpacked) => {
  const call = (): ToolCall => {
    const found = callsOf('linux', 'fpm').find((each) => after(each, '--architecture') === debian);
    if (found === undefined) throw new Error('fpm was not called');
    return found;
  };

  it('says who made it, where its page is, and what it installs where', () => {
    expect([after(call(), '-t'), after(call(), '--name'), after(call(), '--url')]).toEqual(['deb', 'latchkey', manifest.homepage]);
    expect(after(call(), '--maintainer')).toMatch(/^Latchkey <[^@\s]+@[^@\s]+>$/);
    expect(call().args).toEqual(expect.arrayContaining([`${outOf('linux', unpacked)}/=/opt/Latchkey`]));
    expect(call().args.filter((arg) => /=\/usr\/share\/(applications|mime)/.test(arg)).map((arg) => arg.split('=')[1])).toEqual(['/usr/share/mime/packages/latchkey.xml', `/usr/share/applications/${desktopFile}`]);
  });

  it('is the desktop entry that Electron gives its windows, and opens every kind of document and our addresses', () => {
    const entry = lines(call().files[`/usr/share/applications/${desktopFile}`]);
    expect(entry).toMatchObject({ Name: 'Latchkey', Exec: '/opt/Latchkey/latchkey %U', StartupWMClass: desktopFile.replace(/\.desktop$/, ''), Icon: 'latchkey' });
    expect(entry['MimeType']).toContain('x-scheme-handler/latchkey;');
    const mime = call().files['/usr/share/mime/packages/latchkey.xml'] ?? '';
    for (const kind of documentExtensions) expect(mime).toContain(`<glob pattern="*.${kind}"/>`);
    expect(mime.match(/<mime-type type="([^"]+)"/g)?.every((type) => (entry['MimeType'] ?? '').includes(type.slice(17, -1)))).toBe(true);
  });

  it("lets the sandbox start where Ubuntu refuses user namespaces: a profile of AppArmor's, or the helper that belongs to root", () => {
    const script = call().files['--after-install'] ?? '';
    expect(script).toContain("chmod 4755 '/opt/Latchkey/chrome-sandbox'");
    expect(script).toContain("APPARMOR_PROFILE_SOURCE='/opt/Latchkey/resources/apparmor-profile'");
    const profile = readFileSync(outOf('linux', unpacked, 'resources/apparmor-profile'), 'utf8');
    expect(profile).toContain('profile "latchkey" "/opt/Latchkey/latchkey" flags=(unconfined)');
    expect(profile).toMatch(/^ *userns,$/m);
    expect(call().files['--after-remove']).toContain("APPARMOR_PROFILE_DEST='/etc/apparmor.d/latchkey'");
    expect(script).not.toContain('--no-sandbox');
  });

  it('is refused by a system whose libraries are too old for the program in it', () => {
    const depends = all(call(), '-d');
    const { version, files } = newestNeed(outOf('linux', unpacked), 'GLIBC');
    expect(files).not.toEqual([]);
    expect(depends).toContain(`libc6 (>= ${version})`);
    // https://gcc.gnu.org/onlinedocs/libstdc++/manual/abi.html: 3.4.29 came with GCC 11, as Debian's libstdc++6 is numbered.
    expect(compareVersions(newestNeed(outOf('linux', unpacked), 'GLIBCXX').version, '3.4.29')).toBeLessThanOrEqual(0);
    expect(depends).toContain('libstdc++6 (>= 11)');
    expect(readFileSync(join(project, 'docs/operations.md'), 'utf8')).toContain(`glibc ${version} or newer`);
    // What electron-builder itself would have asked for is still asked for, and what Electron's program is linked to beside.
    expect(depends).toEqual(expect.arrayContaining(['libasound2t64 | libasound2', 'libgbm1', 'libgtk-3-0', 'libnotify4', 'libnss3', 'libsecret-1-0', 'xdg-utils']));
  });
});

describe.each([['x64', ''], ['arm64', '-arm64']] as const)('the AppImage for %s', (_arch, suffix) => {
  const call = (): ToolCall => {
    const found = callsOf('linux', 'mksquashfs').find(({ args }) => args[1]?.endsWith(`Latchkey-${manifest.version}${suffix}.AppImage`));
    if (found === undefined) throw new Error('mksquashfs was not called');
    return found;
  };

  it('keeps the sandbox wherever the system allows it', () => {
    expect(lines(call().files[desktopFile])['Exec']).toBe('AppRun %U');
    expect(call().files['AppRun']).toMatch(/if \[ \$HAVE_NO_SANDBOX -eq 0 \] && ! unshare -Ur true 2>\/dev\/null ; then\s+NO_SANDBOX=\(--no-sandbox\)/);
  });

  it('is the desktop entry that Electron gives its windows', () => {
    expect(lines(call().files[desktopFile])).toMatchObject({ Name: 'Latchkey', StartupWMClass: desktopFile.replace(/\.desktop$/, '') });
  });
});

describe('the installer for Windows', () => {
  const defines = (call: ToolCall): Readonly<Record<string, string>> => Object.fromEntries(call.args.filter((arg) => arg.startsWith('-D')).map((arg) => [arg.slice(2).split('=')[0] ?? '', arg.slice(2).split('=').slice(1).join('=')]));

  it('asks for whom to install, holds both architectures, and leaves the home alone when it uninstalls', () => {
    // The first makes the uninstaller.
    const [uninstaller, installer] = callsOf('win32', 'makensis');
    for (const call of [uninstaller, installer]) {
      const given = defines(call as ToolCall);
      expect(given).toMatchObject({ PRODUCT_NAME: 'Latchkey', PRODUCT_FILENAME: 'Latchkey', APP_ID: 'app.latchkey.desktop', VERSION: manifest.version, UNINSTALL_URL_HELP: manifest.homepage });
      expect(Object.keys(given)).toEqual(expect.arrayContaining(['APP_64', 'APP_ARM64', 'MULTIUSER_INSTALLMODE_ALLOW_ELEVATION', 'allowToChangeInstallationDirectory']));
      for (const never of ['ONE_CLICK', 'INSTALL_MODE_PER_ALL_USERS', 'DELETE_APP_DATA_ON_UNINSTALL']) expect(Object.keys(given)).not.toContain(never);
    }
    expect(installer?.input).toContain('lkreq');
  });

  it.each(['win-unpacked', 'win-arm64-unpacked'])('has the fuses blown (%s)', async (unpacked) => {
    const wire = await getCurrentFuseWire(outOf('win32', unpacked, 'Latchkey.exe'));
    expect([wire[FuseV1Options.RunAsNode], wire[FuseV1Options.OnlyLoadAppFromAsar]]).toEqual([FuseState.DISABLE, FuseState.ENABLE]);
  });
});

describe.each([['x64', 'mac'], ['arm64', 'mac-arm64']] as const)('the app for macOS on %s', (arch, unpacked) => {
  const app = (): string => outOf('darwin', unpacked, 'Latchkey.app');
  const setting = (name: string): string | undefined => new RegExp(`<key>${name}</key>\\s*<(?:string|true|false)/?>([^<]*)`).exec(readFileSync(join(app(), 'Contents/Info.plist'), 'utf8'))?.[1];

  it('is called Latchkey, and opens every kind of document and our addresses', () => {
    expect([setting('CFBundleName'), setting('CFBundleDisplayName'), setting('CFBundleIdentifier'), setting('CFBundleExecutable')]).toEqual(['Latchkey', 'Latchkey', 'app.latchkey.desktop', 'Latchkey']);
    const plist = readFileSync(join(app(), 'Contents/Info.plist'), 'utf8');
    for (const kind of documentExtensions) expect(plist).toContain(`<string>${kind}</string>`);
    expect(plist).toMatch(/<key>CFBundleURLSchemes<\/key>\s*<array>\s*<string>latchkey<\/string>/);
  });

  it('is signed anew once its fuses are changed, also where there is no certificate', async () => {
    const wire = await getCurrentFuseWire(app());
    expect(wire[FuseV1Options.RunAsNode]).toBe(FuseState.DISABLE);
    const signed = callsOf('darwin', 'codesign').filter(({ args }) => args.at(-1) === app());
    expect(signed.map(({ args }) => args.slice(0, 3))).toEqual([['--sign', '-', '--force']]);
    expect(signed[0]?.args).toContain('--deep');
  });

  it('is what the disk image holds, beside the folder for programs', () => {
    const image = callsOf('darwin', 'dmgbuild').find(({ args }) => args.at(-1)?.endsWith(arch === 'x64' ? `Latchkey-${manifest.version}.dmg` : `-arm64.dmg`));
    expect(JSON.parse(image?.files['settings'] ?? '{}')).toMatchObject({ contents: [{ path: app(), name: 'Latchkey.app' }, { path: '/Applications', type: 'link' }] });
    expect(statSync(join(app(), 'Contents/MacOS/Latchkey')).mode & 0o111).not.toBe(0);
  });
});

it('has a native module that Apple silicon loads: nothing without a signature is, and none is made for it here', () => {
  const place = 'mac-arm64/Latchkey.app/Contents/Resources/app.asar.unpacked/node_modules/better-sqlite3/prebuilds/darwin-arm64.node';
  expect(hasSignature(readFileSync(outOf('darwin', place)))).toBe(true);
});

/** A 64-bit Mach-O file has the load command LC_CODE_SIGNATURE (mach-o/loader.h). */
function hasSignature(file: Buffer): boolean {
  expect(file.readUInt32LE(0)).toBe(0xfeedfacf);
  let at = 32;
  for (let command = 0; command < file.readUInt32LE(16); command++) {
    if (file.readUInt32LE(at) === 0x1d) return true;
    at += file.readUInt32LE(at + 4);
  }
  return false;
}

describe('the entitlements', () => {
  const text = readFileSync(join(project, 'assets/entitlements.mac.plist'), 'utf8');
  const configuration = readFileSync(join(project, 'electron-builder.yml'), 'utf8');

  it('of a build with a certificate let V8 compile, and nothing foreign be loaded', () => {
    expect([...text.matchAll(/<key>([^<]+)<\/key>/g)].map(([, key]) => key)).toEqual(['com.apple.security.cs.allow-jit']);
    expect(configuration).toMatch(/^ {2}hardenedRuntime: true$/m);
  });

  it('are those files that the configuration names, and no build hardens what nobody has signed', () => {
    for (const [, file = ''] of configuration.matchAll(/^ {2}entitlements\w*: (\S+)$/gm)) expect(existsSync(join(project, file))).toBe(true);
    // An identity of `-` is signed with the hardened runtime, which then loads no framework without com.apple.security.cs.disable-library-validation.
    expect(configuration).not.toMatch(/^ {2}identity:/m);
  });
});
