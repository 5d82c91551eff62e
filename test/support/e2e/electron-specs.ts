import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { project } from '../build.ts';

/**
 * The specs that are also run on Electron's own program, on Windows, macOS and Linux (`npm run electron:specs`): those that open the
 * app by the fixture `launch`. What only the stand-in tells (its tray, its notifications) they skip there.
 */
export const electronSpecs = (folder = join(project, 'test/e2e')): readonly string[] =>
  readdirSync(folder).filter((name) => name.endsWith('.spec.ts') && /\blaunch\(/.test(readFileSync(join(folder, name), 'utf8')));
