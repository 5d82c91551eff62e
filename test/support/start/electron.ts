import { chmodSync, chownSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { electronBinary, ensureElectron } from './runtime.ts';

/**
 * `npm run electron:fetch`: fetches Electron's program where it is not there. `npm run electron:allow`, as root on Linux: makes the helper
 * of its sandbox root's with mode 4755, for systems that refuse user namespaces.
 */
const fail = (why: string): never => {
  console.error(why);
  process.exit(1);
};

const [task] = process.argv.slice(2);
if (task === 'fetch') {
  const found = await ensureElectron(console.log);
  console.log(typeof found === 'string' ? `Electron's program: ${found}` : fail(`${found.why}.`));
} else if (task === 'allow') {
  const helper = join(dirname(electronBinary() ?? fail("Electron's program is not here: npm run electron:fetch comes first.")), 'chrome-sandbox');
  if (process.platform !== 'linux' || !existsSync(helper)) fail(`There is no ${helper}: only Linux has it.`);
  if (process.getuid?.() !== 0) fail('Only root can do this: sudo env "PATH=$PATH" npm run electron:allow');
  chownSync(helper, 0, 0);
  chmodSync(helper, 0o4755);
  console.log(`Root's, with mode 4755: ${helper}`);
} else fail(`fetch or allow, not ${task ?? 'nothing'}`);
