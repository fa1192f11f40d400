import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';
import { leftOut } from './support/servers.js';

/** They ask which modules are loaded, or put others in their place, so each begins with none. */
const ALONE = ['test/chat/{picture,without-renderer}.test.ts', 'test/mfa/providers.test.ts'];

const root = fileURLToPath(new URL('..', import.meta.url));
const each = {
  root,
  pool: 'forks',
  maxWorkers: 2,
  testTimeout: 30_000,
  // A fact is waited for, however busy the machine is.
  expect: { poll: { timeout: 10_000 } },
  hookTimeout: 60_000,
  teardownTimeout: 20_000,
  allowOnly: process.env.CI === undefined,
} as const;

export default defineConfig({
  root,
  test: {
    reporters: ['default', './test/support/summary-reporter.ts'],
    projects: [
      {
        root,
        test: {
          ...each,
          name: 'together',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: [...configDefaults.exclude, ...leftOut(), ...ALONE],
          globalSetup: ['test/support/global-setup.ts'],
          // What they import takes longer to load than most of them take to run.
          isolate: false,
        },
      },
      { root, test: { ...each, name: 'alone', include: ALONE } },
    ],
  },
});
