import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Brokers of their own take both cores to start: one file at a time, after all the others. */
const ALONE = ['test/system/{kafka,rabbitmq}-broker.test.ts'];
/** Real processes, brokers and installations: mostly waits, so that two files go at once. */
const SYSTEM = ['system', 'contract', 'launcher', 'package'].map((name) => `test/${name}/**/*.test.ts`);
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
    globalSetup: ['test/support/broker.ts'],
    reporters: reportFile === undefined ? ['default'] : ['default', ['json', { outputFile: reportFile }]],
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...ALONE, ...SYSTEM, '**/fixtures/**'],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...shared,
          name: 'system',
          include: SYSTEM,
          exclude: [...ALONE, '**/fixtures/**'],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...shared,
          name: 'alone',
          include: ALONE,
          exclude: ['**/fixtures/**'],
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
