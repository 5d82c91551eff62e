import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { errorCodes } from '../../../src-shared/errors.ts';
import { errorsPage, writtenPage } from '../../support/errors-page.ts';

const project = join(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(project, path), 'utf8');

test('docs/errors.md says what the table and the words say (node test/support/errors-page.ts writes it)', () => {
  expect(writtenPage()).toBe(errorsPage());
});

test('the page is found from the README and from the help of both command lines', () => {
  expect(read('README.md')).toContain('(docs/errors.md)');
  expect(read('src-cli/command.ts')).toContain('docs/errors.md');
});

test('every code is provoked by a test at a real door: the licensing, the authority, the shell, or a screen', () => {
  const tests = globSync('test/{flow,attack,e2e,crash}/**/*.ts', { cwd: project }).map(read)
    .concat(globSync('test/unit/{src-main,src-main-shell,src-authority}/**/*.ts', { cwd: project }).map(read)).join('\n');
  expect(errorCodes.filter((code) => !new RegExp(`['"\`]${code}\\b`).test(tests))).toEqual([]);
});
