import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt, project } from '../build.ts';
import { ensureElectron, hasDisplay, refusalOf } from '../start/runtime.ts';

/**
 * `npm run electron:specs`: the specs of electron-specs.ts on Electron's own program, the same on Windows, macOS and Linux. Ends with 1,
 * and says why, where there is none or it cannot start: it never passes on the stand-in. Arguments are passed on to Playwright.
 */
const fail = (why: string, next: string): never => {
  console.error(`${why}.\n${next}`);
  process.exit(1);
};

const binary = await ensureElectron(console.log);
if (typeof binary !== 'string') fail(binary.why, 'Run it on a network that reaches where Electron is published, or name an unpacked distribution in ELECTRON_OVERRIDE_DIST_PATH.');
if (!hasDisplay()) fail('There is no display', 'On Linux: xvfb-run --auto-servernum npm run electron:specs');
const refusal = refusalOf(String(binary));
if (refusal !== null) fail(refusal.why, refusal.next);

for (const target of ['app', 'portal'] as const) await ensureBuilt(target, (name) => console.log(`Building the ${name} ...`));
const specs = spawn(process.execPath, [join(project, 'node_modules/@playwright/test/cli.js'), 'test', ...process.argv.slice(2)], {
  cwd: project, stdio: 'inherit', env: { ...process.env, LATCHKEY_RUNTIME: 'electron' },
});
specs.once('error', (error) => fail(error.message, 'npm ci installs Playwright.'));
specs.once('exit', (status) => process.exit(status ?? 1));
