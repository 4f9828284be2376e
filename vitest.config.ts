import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { compileCacheFolder } from './bin/compile-cache.js';

/** Brokers of their own take both cores to start: one file at a time, after all the others. */
const ALONE = ['test/system/brokers/{kafka,rabbitmq}-broker.test.ts'];
/** Real processes, brokers and installations: they wait most of the time, so that five files go at once. */
const SYSTEM = ['system', 'contract', 'launcher', 'package'].map((name) => `test/${name}/**/*.test.ts`);
/** The contract suite is short files of long tests, which vitest would take last, by their size. */
class LongOnesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => moduleId.includes('/test/contract/');
    // oxlint-disable-next-line unicorn/no-array-sort -- not an array's
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
const compiled = compileCacheFolder();
const HANG_GUARD_MS = 60_000;

const shared = {
  pool: 'forks',
  retry: 0,
  testTimeout: HANG_GUARD_MS,
  hookTimeout: 2 * HANG_GUARD_MS,
  // As the launcher has it: hundreds of starts of the same modules.
  env: compiled === undefined ? {} : { NODE_COMPILE_CACHE: compiled },
  // Two builds of it can't work together: what Node gives to graphql-http must be what our code gets here.
  alias: { graphql: fileURLToPath(import.meta.resolve('graphql')) },
} as const;

/** For a program that counts (.ci/run): the whole report as JSON. */
const reportFile = process.env['COMMBENCH_TEST_REPORT'];

export default defineConfig({
  test: {
    sequence: { sequencer: LongOnesFirst },
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
          maxWorkers: 5,
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
