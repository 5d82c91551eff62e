import { appendFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** What stands in for a tool of electron-builder: writes its call down, and makes the file that is expected of it. */
const [log, tool, ...args] = process.argv.slice(2);
const after = (name) => args[args.indexOf(name) + 1];
const files = {};
const missing = [];
let input = '';

const text = (name, path) => {
  if (existsSync(path)) files[name] = readFileSync(path, 'utf8');
  else missing.push(path);
};
/** An installer is looked at: it must not be smaller than the archives in it. */
const make = (path) => writeFileSync(path, Buffer.alloc(path.endsWith('.exe') ? 64 * 1024 : 1024));

const tools = {
  fpm: () => {
    for (const name of ['--after-install', '--after-remove']) text(name, after(name));
    for (const mapping of args.filter((each) => /^[^-].*=\//.test(each))) {
      const [from, to] = mapping.split('=');
      if (!existsSync(from)) missing.push(from);
      else if (/\.(desktop|xml)$/.test(to)) text(to, from);
    }
    make(after('--package'));
  },
  mksquashfs: () => {
    const [stage, output] = args;
    for (const name of readdirSync(stage).filter((each) => each === 'AppRun' || each.endsWith('.desktop'))) text(name, join(stage, name));
    make(output);
  },
  '7za': () => make(args.find((each) => /\.(7z|zip)$/.test(each))),
  dmgbuild: () => {
    text('settings', after('-s'));
    make(args.at(-1));
  },
  makensis: () => {
    input = readFileSync(0, 'utf8');
    make(/"(.*)"/.exec(args.find((each) => each.startsWith('-XOutFile')))[1]);
  },
  // Runs the half made installer, which writes the uninstaller.
  wine: () => make(join(dirname(args[0]), `${basename(args[0], 'exe')}__uninstaller.exe`)),
  sips: () => console.log('  pixelHeight: 380\n  pixelWidth: 540'),
  codesign: () => {
    if (!statSync(args.at(-1)).isDirectory()) missing.push(args.at(-1));
  },
};

tools[tool]();
appendFileSync(log, `${JSON.stringify({ tool, args, input, files, missing })}\n`);
