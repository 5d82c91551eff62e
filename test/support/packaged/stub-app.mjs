import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Behaves as a packaged app does at its start and end, with a Chromium for its window. STUB names what it does wrong. */
const home = process.env['LATCHKEY_HOME'];
const wrong = process.env['STUB'] ?? '';
const note = join(home, 'running');

if (process.argv.includes('--quit')) {
  if (existsSync(note)) process.kill(Number(readFileSync(note, 'utf8')), 'SIGTERM');
  process.exit(0);
}
if (wrong === 'dies') {
  console.error('error while loading shared libraries: libnss3.so');
  process.exit(127);
}
mkdirSync(join(home, 'logs'), { recursive: true });
if (wrong !== 'keeps-nothing') writeFileSync(join(home, 'latchkey.db'), '');
writeFileSync(join(home, 'logs/latchkey.log'), wrong === 'has-a-defect' ? '{"event":"defect.rejection"}\n' : '{"event":"started"}\n');
writeFileSync(note, String(process.pid));
const page = wrong === 'stays-blank' ? 'data:text/html,<title>Latchkey</title>' : 'data:text/html,<title>Latchkey</title><h1>Sign in</h1>';
const port = process.argv.find((argument) => argument.startsWith('--remote-debugging-port='));
const browser = spawn(process.env['STUB_CHROMIUM'], ['--headless', '--no-sandbox', '--no-first-run', `--user-data-dir=${join(home, 'browser')}`, port, page], { stdio: 'ignore' });
browser.once('exit', () => process.exit(0));
process.once('SIGTERM', () => browser.kill('SIGTERM'));
