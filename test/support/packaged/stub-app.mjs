import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Behaves as a packaged app does at its start and end, as far as its home shows. STUB names what it does wrong. */
const home = process.env['LATCHKEY_HOME'];
const wrong = process.env['STUB'] ?? '';
const note = join(home, 'running');
const log = (event) => appendFileSync(join(home, 'logs/latchkey.log'), `${JSON.stringify({ event })}\n`);

if (process.argv.includes('--quit')) {
  if (existsSync(note)) process.kill(Number(readFileSync(note, 'utf8')), 'SIGTERM');
  process.exit(0);
}
if (wrong === 'dies') {
  console.error('error while loading shared libraries: libnss3.so');
  process.exit(127);
}
process.once('SIGTERM', () => process.exit(0));
setInterval(() => undefined, 60_000);
mkdirSync(join(home, 'logs'), { recursive: true });
if (wrong !== 'keeps-nothing') writeFileSync(join(home, 'latchkey.db'), '');
writeFileSync(note, String(process.pid));
log('page.painted');
if (wrong === 'has-a-defect') log('defect.rejection');
if (wrong !== 'stays-blank') log('page.started');
