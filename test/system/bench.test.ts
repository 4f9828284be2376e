import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { benchSchema } from '../../bench/tools/record.ts';
import { startCli } from './run.ts';

const BENCH = fileURLToPath(new URL('../../bench/bench.ts', import.meta.url));
const SPIN = fileURLToPath(new URL('../../bench/referee/spin.mjs', import.meta.url));
/** It is there, and can't be started. */
const NO_PROGRAM = fileURLToPath(new URL('../../bench/referee/README.md', import.meta.url));
const PLACES = '{url} {rate} {seconds} {connections}';

test('autocannon, a tool of one’s own and ourselves on one referee: who sent and recorded how many', async () => {
  const args = ['--rates', '100', '--rates-only', '--rounds', '1', '--duration', '1s', '--wait-quiet', '0s'];
  const commands = [`spin=node ${SPIN}`, 'broken=false', `mute=${NO_PROGRAM}`];
  const own = commands.flatMap((command) => ['--tool', `${command} ${PLACES}`]);
  await using run = startCli(
    (_scenario, out) => {
      return ['autocannon', ...args, ...own, '--seed', '1', '--out', out];
    },
    '',
    BENCH,
  );
  // Two of the tools give no figures.
  expect(await run.ended, run.stderr()).toBe(3);
  const record = benchSchema.parse(run.json());
  expect(record.state).toBe('complete');
  const turn = (tool: string) => record.turns.find((one) => one.tool === tool)!;
  for (const tool of ['commbench', 'spin']) {
    expect(turn(tool)).toMatchObject({
      failure: null,
      said: { count: 100, errors: 0 },
      seen: { count: 100 },
    });
    expect(turn(tool).said!.latencyMs).toHaveLength(4);
    expect(turn(tool).seen!.errorMs).toHaveLength(4);
    expect(turn(tool).cpuUsPerRequest).toBeGreaterThan(0);
  }
  const { failure, said, seen } = turn('autocannon');
  expect(failure).toBeNull();
  // It may end with some under way.
  expect(said!.count).toBeGreaterThan(0);
  expect(seen!.count).toBeGreaterThanOrEqual(said!.count!);
  expect(turn('broken')).toMatchObject({ said: null, seen: { count: 0 } });
  expect(turn('broken').failure).toMatch(/^it ended with code 1/);
  expect(turn('mute')).toMatchObject({ said: null, seen: { count: 0 } });
  expect(turn('mute').failure).toContain('could not be started');
  expect(record.tools.find(({ name }) => name === 'autocannon')!.version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(run.stdout()).toContain('What is wrong with them');
}, 120_000);
