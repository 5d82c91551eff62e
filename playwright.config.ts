import { defineConfig } from '@playwright/test';
import { electronSpecs } from './test/support/e2e/electron-specs.ts';
import { findChromium } from './test/support/electron-preview/chromium.ts';

const executablePath = findChromium();
const onElectron = process.env['LATCHKEY_RUNTIME'] === 'electron';

export default defineConfig({
  testDir: 'test/e2e',
  ...(onElectron && { testMatch: [...electronSpecs()] }),
  outputDir: 'test-results',
  fullyParallel: false,
  // One app at a time where a window takes the focus from another.
  workers: onElectron ? 1 : 2,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  forbidOnly: process.env['CI'] !== undefined,
  reporter: process.env['LATCHKEY_TEST_REPORT'] ? [['list'], ['json', { outputFile: process.env['LATCHKEY_TEST_REPORT'] }]] : [['list']],
  use: {
    viewport: { width: 1100, height: 760 },
    trace: 'retain-on-failure',
    // Windows and macOS have Chrome where no PATH leads.
    ...(executablePath === null && process.platform !== 'linux' && { channel: 'chrome' }),
    launchOptions: {
      ...(executablePath !== null && { executablePath }),
      args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
    },
  },
});
