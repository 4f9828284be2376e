import type { Result } from '../../../src/record/record.ts';
import { comparisonResult, variantsResult } from '../comparison.ts';
import { casesResult, shopResult } from '../faults.ts';
import { madeCalibration } from '../records/calibration.ts';
import { madeCrossover, type PairMaker } from '../records/crossover.ts';
import { madeSweep } from '../records/sweep.ts';
import {
  completeResult,
  EMPTY_SERIES,
  failingTrial,
  latencyTrial,
  outageTrial,
  phaseOf,
  QUEUE,
  REST,
  resultOf,
  TARGET,
  trialOf,
} from '../result.ts';

/** Records of which the screens are looked at, by name: one of each kind, and those in which something is wrong. */
export async function screenRecords(): Promise<Readonly<Record<string, object>>> {
  return {
    guides: comparisonResult(),
    'guides-unjudged': noisy(comparisonResult(), 'rest'),
    latency: completeResult(),
    variants: variantsResult(),
    target: resultOf(
      [TARGET],
      [1, 2].map((round) => failingTrial('none', round, round)),
    ),
    thresholds: asking(completeResult(), 'response p50 < 1s', 'rest: response p99 < 1ms', 'lost == 0'),
    troubled: troubledResult(),
    faults: shopResult(),
    cases: casesResult(),
    unreachable: unreachableResult(),
    interrupted: resultOf([REST, QUEUE], [], { state: 'interrupted' }),
    sweep: madeSweep(),
    crossover: madeCrossover('payload', CROSSING),
    calibration: madeCalibration(),
  };
}

/** A little apart from pair to pair; the second one is faster above 18 kB. */
const CROSSING: PairMaker = (at, pair) => {
  const near = (us: number, n: number) => Math.round(us * (1 + 0.01 * ((n * 7) % 5)));
  return [{ p50Us: near(1000 * (at / 18_000) ** 0.3, pair) }, { p50Us: near(1000, pair + 3) }];
};

function asking(result: Result, ...thresholds: string[]): Result {
  return { ...result, scenario: { ...result.scenario, thresholds } };
}

/** No latency trial of one pattern is valid. */
function noisy(result: Result, pattern: string): Result {
  const causes = [
    { cause: 'disturbed' as const, detail: 'other programs used 57 % of the CPU (limit 25 %)' },
  ];
  const validity = { verdict: 'disturbed' as const, causes, boundQuantiles: [] };
  const isIts = (trial: Result['trials'][number]) => trial.pattern === pattern && trial.kind === 'latency';
  return {
    ...result,
    trials: result.trials.map((trial) => (isIts(trial) ? { ...trial, validity } : trial)),
  };
}

/** Everything that can go wrong at once. */
export function troubledResult(): Result {
  const late = { cause: 'generator-bound' as const, detail: 'dispatch lag p50 is 1.2 ms (limit 0.3 ms)' };
  const notRun = {
    ...QUEUE,
    id: 'stream',
    title: 'Event stream',
    transport: 'kafka',
    state: 'not-run' as const,
    reason: 'no Kafka was found (looked for a URL, programs, packages, docker)',
    hint: 'apt install default-jre-headless',
  };
  return resultOf(
    [REST, QUEUE, notRun],
    [
      latencyTrial(1, 'rest', 1, {
        validity: { verdict: 'generator-bound', causes: [late], boundQuantiles: [0.5, 0.9, 0.99] },
      }),
      latencyTrial(2, 'queue', 1, {
        load: { verdict: 'saturated', detail: '1,204 undone at the last arrival (limit 200)' },
        capacity: { acknowledgedPerS: 300, donePerS: 250 },
      }),
      trialOf({
        id: 3,
        pattern: 'queue',
        round: 6,
        kind: 'service-outage',
        state: 'failed',
        failure: 'the service ended early (code 1); its last output: out of memory',
      }),
      outageTrial(4, 'rest', { coupling: null, faults: [] }),
    ],
    { state: 'incomplete' },
  );
}

/** A server of the user's own at which nobody listens. */
function unreachableResult(): Result {
  const refused = phaseOf(600, { floorMs: 1, tailMs: 1 }, { floorMs: 1, tailMs: 1 }, 1, {
    outcomes: { refused: 600 },
    failures: { refused: 600 },
    correct: 0,
    done: 0,
    doneInTime: 0,
    response: EMPTY_SERIES,
    serviceTime: EMPTY_SERIES,
    completion: EMPTY_SERIES,
  });
  const more = { evidence: 'none' as const, phases: [refused], ledgers: [], maxConcurrent: 0 };
  return resultOf(
    [TARGET],
    [1, 2].map((round) => latencyTrial(round, 'rest', round, more)),
  );
}
