// Loaded before the app (`node --import`): it reads another computer than the one it runs on, as after a move of its disk.
import childProcess from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';

const exec = childProcess.exec;
/** The id of its operating system is another one; board, processor, disk and network cannot be read. */
childProcess.exec = (command, ...rest) => exec(/machine-id/.test(command) ? 'echo 5f0c2b7e91d84a3698e1c7d2a4b6f803' : 'exit 1', ...rest);
os.networkInterfaces = () => ({});
// The id is also read from its file.
const { readFileSync } = fs;
fs.readFileSync = (path, ...rest) => (String(path).endsWith('/machine-id') ? '5f0c2b7e91d84a3698e1c7d2a4b6f803\n' : readFileSync(path, ...rest));
syncBuiltinESMExports();
