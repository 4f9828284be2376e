import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Trial } from '../../../src/record/record.ts';
import { askForBroker } from '../../support/broker-url.ts';
import { startRun } from '../run.ts';

const FILE = new URL('../../../scenarios/patterns/contract-change.yaml', import.meta.url);
const SCENARIO = readFileSync(FILE, 'utf8');
const PATTERNS = ['rest', 'grpc', 'graphql', 'queue', 'events'];
const CALLS = 30;

const NAMES = ['rabbitmq', 'kafka'];
const brokers = await Promise.all(NAMES.map(askForBroker));
const missing = brokers.flatMap((broker) => (broker.state === 'missing' ? [broker.why] : []));
const given = brokers.flatMap((broker, i) =>
  broker.state === 'here' ? ['--broker', `${NAMES[i]}=${broker.url}`] : [],
);
if (missing.length > 0) process.stderr.write(`SKIPPED a changed contract: ${missing.join('; ')}\n`);

const NONE = { held: 0, refused: 0, caught: 0, deadLettered: 0, skipped: 0, silent: 0, other: 0 };

test.skipIf(missing.length > 0)(
  'real services with another version of the contract, over every pattern',
  async () => {
    await using run = startRun(SCENARIO, ['--rounds', '1', '--duration', '300ms', ...given]);
    expect(await run.ended, run.stderr()).toBe(0);
    const { trials } = run.result();
    const at = (pattern: string, variant: string): NonNullable<Trial['contractChange']> =>
      trials.find((trial) => trial.pattern === pattern && trial.variant === variant)!.contractChange!;
    for (const pattern of PATTERNS) {
      for (const variant of ['same', 'added'])
        expect([pattern, variant, at(pattern, variant).counts]).toEqual([
          pattern,
          variant,
          { ...NONE, held: CALLS },
        ]);
    }
    const silent = at('queue', 'renamed').counts.silent;
    expect(silent).toBeGreaterThan(0);
    expect(silent).toBeLessThan(CALLS);
    expect(at('queue', 'renamed').counts).toEqual({ ...NONE, held: CALLS - silent, silent });
    expect(at('events', 'renamed').counts).toEqual({ ...NONE, held: CALLS - silent, silent });
    expect(at('rest', 'renamed')).toMatchObject({
      counts: { ...NONE, caught: CALLS },
      caughtLate: silent,
    });
    expect(at('grpc', 'renamed').counts).toEqual({ ...NONE, held: CALLS });
    expect(at('graphql', 'renamed').counts).toEqual({ ...NONE, refused: CALLS });
    expect(at('rest', 'required').counts).toEqual({ ...NONE, refused: CALLS });
    expect(at('grpc', 'required').counts).toEqual({ ...NONE, silent: CALLS });
    expect(at('graphql', 'required').counts).toEqual({ ...NONE, refused: CALLS });
    expect(at('queue', 'required').counts).toEqual({ ...NONE, deadLettered: CALLS });
    expect(at('events', 'required').counts).toEqual({ ...NONE, skipped: CALLS });
    // Calls that a changed contract breaks are no sign of too much load, and no surprise.
    const refused = trials.find(({ pattern, variant }) => pattern === 'rest' && variant === 'required')!;
    expect(refused.load).toMatchObject({
      verdict: 'faulted',
      detail: expect.stringContaining('contract version required: 30 of 30 calls not correct'),
    });
    expect(run.stdout()).not.toMatch(/calls? failed/);
    expect(run.stdout()).toContain('Silently stored otherwise with field renamed: Message queue');
  },
  300_000,
);
