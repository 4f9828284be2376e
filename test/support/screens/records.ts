import { calibrationDesign } from '../../../src/experiments/calibrate/design.ts';
import { crossoverDesign } from '../../../src/experiments/crossover/design.ts';
import type { CrossoverDesign } from '../../../src/experiments/crossover/record.ts';
import { POINT_RULES } from '../../../src/experiments/crossover/sample.ts';
import { firstRate } from '../../../src/kernel/load-shape.ts';
import type { TrialSpec } from '../../../src/plan/spec.ts';
import type { Result, Trial } from '../../../src/record/record.ts';
import type { Phase } from '../../../src/measure/figures/figures.ts';
import { scenarioSchema } from '../../../src/scenario/schema/schema.ts';
import { loadScenario } from '../../../src/scenario/load/load.ts';
import { comparisonResult, variantsResult } from '../comparison.ts';
import { casesResult, shopResult } from '../faults.ts';
import { made, playDesign } from '../design/design-world.ts';
import { madeSweep } from '../records/sweep.ts';
import {
  completeResult,
  EMPTY_SERIES,
  failingTrial,
  lateIn,
  latencyTrial,
  outageTrial,
  phaseOf,
  QUEUE,
  REST,
  resultOf,
  seriesOf,
  TARGET,
  trialOf,
} from '../result.ts';

/** Records of which the screens are looked at, by name: one of each kind, and those in which something is wrong. */
export async function screenRecords(): Promise<Readonly<Record<string, object>>> {
  return {
    guides: comparisonResult(),
    'guides-unjudged': notValid(comparisonResult(), 'incomplete'),
    'guides-noisy': notValid(comparisonResult(), 'disturbed'),
    latency: completeResult(),
    variants: variantsResult(),
    target: resultOf(
      [TARGET],
      [1, 2].map((round) => failingTrial('none', round, round)),
    ),
    operations: asking(operationsResult(), 'rest/read: response p50 < 1ms', 'flow/2: failures < 1%'),
    thresholds: asking(completeResult(), 'response p50 < 1s', 'rest: response p99 < 1ms', 'lost == 0'),
    troubled: troubledResult(),
    faults: shopResult(),
    cases: casesResult(),
    unreachable: unreachableResult(),
    interrupted: resultOf([REST, QUEUE], [], { state: 'interrupted' }),
    sweep: madeSweep(),
    crossover: await crossoverRecord(),
    calibration: await calibrationRecord(),
  };
}

/** A target with two operations and a flow, whose second step fails now and then. */
export function operationsResult(): Result {
  const of = (planned: number, failed: number, leastMs: number, seed: number, status = '200'): Phase => {
    const wait = { leastMs, tailMs: 0.3 };
    const ok = planned - failed;
    return phaseOf(planned, wait, wait, seed, {
      ...(failed === 0
        ? { outcomes: { ok } }
        : { outcomes: { ok, error: failed }, failures: { 'error 404': failed } }),
      statuses: { [status]: ok },
      correct: ok,
      response: seriesOf(ok, wait, seed + 2),
      toNs: 3e9,
    });
  };
  const trials = [1, 2].map((round) =>
    latencyTrial(round, 'rest', round, {
      evidence: 'none',
      ledgers: [],
      phases: [{ ...of(600, 9, 0.6, round), statuses: { 200: 471, 201: 120 } }],
      operations: [
        { name: 'read', phases: [of(420, 0, 0.5, round * 10)] },
        { name: 'write', phases: [of(120, 0, 2, round * 20, '201')] },
        { name: 'flow', phases: [of(60, 9, 3, round * 30)] },
        { name: 'flow/1', phases: [of(60, 0, 2, round * 40, '201')] },
        { name: 'flow/2', phases: [of(60, 9, 1, round * 50)] },
      ],
    }),
  );
  const result = resultOf([TARGET], trials);
  const steps = [{}, {}];
  const target = {
    url: 'http://127.0.0.1:8080/',
    operations: { read: {}, write: {} },
    flows: { flow: { steps } },
  };
  const scenario = scenarioSchema.parse({ ...result.scenario, targets: { rest: target } });
  return { ...result, scenario };
}

/** REST against a queue, which is faster above 18 kB: the real search over made-up trials. */
async function crossoverRecord(): Promise<object> {
  const { scenario } = await loadScenario('pattern-comparison', []);
  const { looks, ...rule } = POINT_RULES.payload;
  const design: CrossoverDesign = {
    question: 'payload',
    range: { from: 100, to: 1_000_000, within: 1.5 },
    figure: 'completion',
    do: null,
    ratePerS: 100,
    budgetMs: 300_000,
    rule: { looks: [...looks], ...rule },
  };
  const between = ['rest', 'queue'] as const;
  const search = await crossoverDesign({ between, scenario, seed: 7, design, isOpenEnded: false });
  const { record } = await playDesign(search, { trial: crossing });
  return record!;
}

function crossing({ id, round, kind, system: { pattern, contract } }: TrialSpec): Trial {
  const bytes = Number(/^echo-(\d+)$/.exec(contract)![1]);
  const ms = pattern.id === 'rest' ? (bytes / 18_000) ** 0.3 : 1;
  // A little apart from pair to pair.
  const shape = { leastMs: ms * (1 + 0.01 * ((round * 7) % 5)), tailMs: ms / 100 };
  return trialOf({ id, round, kind, pattern: pattern.id, phases: [phaseOf(160, shape, shape, id)] });
}

/** Patterns that keep up to 700/s. */
async function calibrationRecord(): Promise<object> {
  const { scenario } = await loadScenario('pattern-comparison', []);
  const asked = { scenario, seed: 7, patterns: ['grpc', 'queue'], budgetMs: 360_000, brokers: {} };
  const design = await calibrationDesign({ ...asked, fingerprint: 'this machine', earlier: undefined });
  const { record } = await playDesign(design, { trial: keepingUp });
  return record!;
}

function keepingUp(spec: TrialSpec): Trial {
  const isOver = firstRate(spec.load.shape) > 700;
  const load = { verdict: 'saturated', detail: 'made up' } as const;
  return made(spec, {
    capacity: { acknowledgedPerS: 1000, donePerS: 900 },
    ...(isOver ? { load } : {}),
  });
}

function asking(result: Result, ...thresholds: string[]): Result {
  return { ...result, scenario: { ...result.scenario, thresholds } };
}

const DETAILS = {
  disturbed: 'CPU use of other processes is 57 % (limit 10 %)',
  incomplete: '3 unexplained completions (0 allowed)',
} as const;

/** No latency trial of REST is valid. */
function notValid(result: Result, verdict: keyof typeof DETAILS): Result {
  const validity = { verdict, causes: [{ cause: verdict, detail: DETAILS[verdict] }], boundQuantiles: [] };
  const isIts = (trial: Result['trials'][number]) => trial.pattern === 'rest' && trial.kind === 'latency';
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
        phases: lateIn(latencyTrial(1, 'rest', 1).phases, 0.6),
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
  const refused = phaseOf(600, { leastMs: 1, tailMs: 1 }, { leastMs: 1, tailMs: 1 }, 1, {
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
