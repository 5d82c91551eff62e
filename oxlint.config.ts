import { defineConfig } from 'oxlint';

/**
 * The walls between the rooms (docs/adr/0001-rooms-and-walls.md), beside the project references that the compiler keeps. One row a
 * room: what may not be imported there, and where such code belongs instead.
 */
type Refusal = { readonly regex: string; readonly message: string };
type Room = { readonly files: readonly string[]; readonly excludeFiles?: readonly string[]; readonly refuse: readonly Refusal[] };

const node: Refusal = { regex: '^node:', message: 'No Node here: take what you need as a port, and implement it in an adapter.' };
const electron: Refusal = { regex: '^electron(/|$)', message: 'Only src-main/shell, main.ts and preload.ts import electron.' };
const jose: Refusal = { regex: '^jose(/|$)', message: 'Only src-shared/documents imports jose: signing and verifying live there.' };
const sqlite: Refusal = { regex: '^(better-sqlite3|kysely)(/|$)', message: 'Databases live in an adapter: src-main/adapter or src-authority/adapter.' };
const roots: Refusal = { regex: '(^|/)(test|bench)/', message: 'Roots and tests are imported by nobody.' };
const to = (room: string, message: string): Refusal => ({ regex: `(^|/)${room}(/|$)`, message });

const clientSide = to('src-main', 'The authority and the app meet in src-shared: its HTTP contract and documents.');
const authoritySide = to('src-authority', 'The app and the authority meet in src-shared: its HTTP contract and documents.');
const pages = to('src-renderer', 'Pages are imported by nobody outside src-renderer.');
const commands = to('src-cli', 'The command lines are roots: nobody imports them.');
const documents = to('documents', 'The renderer checks no document: ask main or the authority, and show their Inspection.');

const rooms: readonly Room[] = [
  {
    files: ['src-shared/**'],
    excludeFiles: ['src-shared/documents/**'],
    refuse: [node, electron, jose, sqlite, clientSide, authoritySide, pages, commands, roots],
  },
  { files: ['src-shared/documents/**'], refuse: [node, electron, sqlite, clientSide, authoritySide, pages, commands, roots] },
  {
    files: ['src-main/licensing/**'],
    refuse: [
      node, electron, jose, sqlite, authoritySide, pages, commands, roots,
      to('adapter', 'licensing names a port; the adapter implements it and is wired by a root.'),
      to('shell', 'licensing knows no window: the shell subscribes to its state.'),
    ],
  },
  {
    files: ['src-main/adapter/**'],
    refuse: [electron, jose, authoritySide, pages, commands, roots, to('shell', 'An adapter holds one library; what is Electron belongs to the shell.')],
  },
  {
    files: ['src-main/shell/**'],
    refuse: [jose, sqlite, authoritySide, pages, commands, roots, to('adapter', 'The shell is given licensing by main.ts; it wires no adapter.')],
  },
  { files: ['src-main/*.ts'], refuse: [jose, sqlite, authoritySide, pages, commands, roots] },
  { files: ['src-renderer/**'], refuse: [node, electron, jose, sqlite, documents, clientSide, authoritySide, commands, roots] },
  {
    files: ['src-authority/**'],
    excludeFiles: ['src-authority/adapter/**'],
    refuse: [electron, jose, clientSide, pages, commands, roots],
  },
  { files: ['src-authority/adapter/**'], refuse: [electron, jose, clientSide, pages, commands, roots] },
  {
    files: ['src-cli/**'],
    refuse: [
      electron, jose, sqlite, pages, roots,
      to('shell', 'The command line has no window: wire src-main/licensing with src-main/adapter.'),
    ],
  },
];

export default defineConfig({
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'react', 'jsx-a11y', 'promise', 'vitest'],
  categories: { correctness: 'error' },
  ignorePatterns: ['node_modules', 'out', 'dist', '.tsbuild', '.latchkey', 'test/support/electron-preview/fixture'],
  rules: {
    'no-console': 'error',
    'no-eval': 'error',
    'no-new-func': 'error',
    'no-var': 'error',
    'prefer-const': 'error',
    'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    eqeqeq: 'error',
    'no-param-reassign': 'error',
    'no-restricted-globals': ['error', { name: 'confirm', message: 'Ask with a Dialog.' }, { name: 'alert', message: 'Tell with a Toast or Banner.' }],
    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/consistent-type-imports': 'error',
    'import/no-cycle': 'error',
    'import/no-default-export': 'error',
    'react/rules-of-hooks': 'error',
    'react/exhaustive-deps': 'error',
    'react/react-in-jsx-scope': 'off',
    // A scrolling region must be reachable by keyboard, and dialogs put the focus where the person goes on.
    'jsx-a11y/no-noninteractive-tabindex': 'off',
    'jsx-a11y/no-autofocus': 'off',
    'jsx-a11y/prefer-tag-over-role': 'off',
    'no-control-regex': 'off',
  },
  overrides: [
    ...rooms.map(({ files, excludeFiles, refuse }) => ({
      files: [...files],
      ...(excludeFiles && { excludeFiles: [...excludeFiles] }),
      rules: { 'no-restricted-imports': ['error', { patterns: refuse.map((row) => ({ ...row })) }] as never },
    })),
    // Time and chance are passed in where rules live.
    {
      files: ['src-shared/**', 'src-main/licensing/**'],
      rules: {
        'no-restricted-globals': [
          'error',
          { name: 'crypto', message: 'Randomness is passed in: use the Random port.' },
          { name: 'fetch', message: 'The network is a port: the authority adapter implements it.' },
          { name: 'setTimeout', message: 'Timers are passed in: use the Schedule.' },
        ] as never,
        'no-restricted-properties': ['error', { object: 'Date', property: 'now', message: 'Time is passed in: use the Clock.' }] as never,
      },
    },
    { files: ['src-cli/**', 'test/support/**', 'bench/**'], rules: { 'no-console': 'off' } },
    { files: ['*.config.ts'], rules: { 'import/no-default-export': 'off' } },
    { files: ['test/**', 'bench/**'], rules: { 'typescript/no-non-null-assertion': 'off', 'vitest/require-to-throw-message': 'off' } },
    // Attacks try what the code may not do.
    { files: ['test/e2e/**', 'test/attack/**'], rules: { 'no-eval': 'off', 'no-new-func': 'off' } },
    // Playwright's fixtures are functions of `({}, use)`.
    { files: ['test/support/e2e/**', 'test/e2e/**'], rules: { 'no-empty-pattern': 'off', 'react/rules-of-hooks': 'off' } },
  ],
});
