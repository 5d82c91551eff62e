import { defineConfig } from 'vitest/config';

const room = (name: string, include: string, testTimeout: number) => ({
  test: { name, include: [include], environment: 'node' as const, testTimeout, hookTimeout: testTimeout, expect: { poll: { timeout: 30_000 } } },
});

export default defineConfig({
  test: {
    projects: [
      room('unit', 'test/unit/**/*.test.ts', 120_000),
      room('flow', 'test/flow/**/*.test.ts', 180_000),
      room('attack', 'test/attack/**/*.test.ts', 180_000),
      room('crash', 'test/crash/**/*.test.ts', 480_000),
      room('fuzz', 'test/fuzz/**/*.test.ts', 480_000),
    ],
    // Two cores: more workers than that only add noise.
    maxWorkers: 2,
    reporters: process.env['LATCHKEY_TEST_REPORT'] ? ['default', 'json'] : ['default'],
    ...(process.env['LATCHKEY_TEST_REPORT'] && { outputFile: { json: process.env['LATCHKEY_TEST_REPORT'] } }),
  },
});
