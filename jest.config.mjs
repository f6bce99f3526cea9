import { existsSync, statfsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import process from 'node:process';

// The AWS SDK warns on Node.js 20 that its releases of 2027 will need 22. The pinned releases support 20.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

// Tests write and remove some ten thousand small files: in memory where there is room, which spares the disk.
const MEMORY = '/dev/shm';
const ROOM = 4 * 2 ** 30;
if (process.env['TMPDIR'] === undefined && existsSync(MEMORY)) {
  const { bavail, bsize } = statfsSync(MEMORY);
  if (bavail * bsize > ROOM) process.env['TMPDIR'] = MEMORY;
}

export default {
  // Modules are compiled and packages are loaded once per worker.
  testEnvironment: '<rootDir>/test/runner/one-realm-environment.cjs',
  runtime: '<rootDir>/test/runner/one-realm-runtime.cjs',
  testSequencer: '<rootDir>/test/runner/longest-first.cjs',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/build/', '<rootDir>/cdk.out/', '<rootDir>/dist/'],
  transform: {
    '^.+\\.(t|j|mj)s$': [
      '@swc/jest',
      { jsc: { target: 'es2022' }, module: { type: 'commonjs' }, sourceMaps: true },
    ],
  },
  // These packages ship ES modules only.
  transformIgnorePatterns: [
    '/node_modules/(?!(fast-string-truncated-width|fast-string-width|fzstd|hyparquet|hyparquet-compressors|hysnappy)/)',
  ],
  globalSetup: '<rootDir>/test/runner/global-setup.ts',
  setupFilesAfterEnv: ['<rootDir>/test/support/after-each-file.ts'],
  // Tests wait for disks, locks and other processes: one worker more than cores keeps the cores busy.
  maxWorkers: availableParallelism() + 1,
  testTimeout: 60_000,
};
