import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** These start real processes, brokers or installations: one file at a time, after all the others. */
const SYSTEM = ['test/system/**', 'test/contract/**', 'test/launcher/**', 'test/package/**'].map(
  (folder) => `${folder}/*.test.ts`,
);
const HANG_GUARD_MS = 60_000;

const shared = {
  pool: 'forks',
  retry: 0,
  testTimeout: HANG_GUARD_MS,
  hookTimeout: 2 * HANG_GUARD_MS,
  // Two builds of it can't work together: what Node gives to graphql-http must be what our code gets here.
  alias: { graphql: fileURLToPath(import.meta.resolve('graphql')) },
} as const;

/** For a program that counts (.ci/run): the whole report as JSON. */
const reportFile = process.env['COMMBENCH_TEST_REPORT'];

export default defineConfig({
  test: {
    reporters: reportFile === undefined ? ['default'] : ['default', ['json', { outputFile: reportFile }]],
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...SYSTEM, '**/fixtures/**'],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...shared,
          name: 'system',
          include: SYSTEM,
          globalSetup: ['test/support/broker.ts'],
          exclude: ['**/fixtures/**'],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
