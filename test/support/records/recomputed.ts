import { compareResults } from '../../../src/analysis/compare/compare.ts';
import { abKind } from '../../../src/experiments/ab/compared.ts';
import type { VaryRecord } from '../../../src/experiments/vary/record.ts';
import { varyView } from '../../../src/experiments/vary/view.ts';
import type { Result, Trial } from '../../../src/record/record.ts';
import { comparisonView } from '../../../src/report/comparison/comparison-view.ts';
import type { Report } from '../../../src/report/report.ts';
import { viewOf } from '../../../src/report/view-of.ts';
import { variantsResult } from '../comparison.ts';
import { type Fate, measuredResult, toldResult } from '../fault-results.ts';
import { lateIn, type Shape } from '../result.ts';
import { abRecordOf } from './arms.ts';
import { contractResult } from './contract-changes.ts';

/** A made-up record of each kind, as a file has it, with what is printed of it. */
export interface Shown {
  readonly record: object;
  /** Two runs are the sides of a comparison. */
  readonly baseline?: object;
  readonly view: Report;
}

export type ShownRecords = Readonly<Record<string, () => Promise<Shown>>>;

export const SHOWN: ShownRecords = {
  'two regimes': async () => run(await twoRegimes()),
  regimes: async () => run(await regimes()),
  'alternatives of patterns': async () => run(await libraries()),
  'another contract': async () => run(await contractResult()),
  variants: async () => run(variantsResult()),
  'drifting patterns': async () => run(await drifting()),
  'thresholds in noise': async () => run(await thresholdsInNoise()),
  'thresholds under faults': async () => run(await thresholdsUnderFaults()),
  'a slow restart': async () => run(await slowRestart()),
  'ab under faults': async () => abUnderFaults(),
  'a setting under faults': async () => varied('fault'),
  'a setting without faults': async () => varied('latency'),
  'two runs with variants': async () => twoRuns(),
};

/** What a run file has, and its page. */
function run(result: Result): Shown {
  return { record: result, view: viewOf(result, 'result.json') };
}

const at = (ms: number): Shape => ({ leastMs: ms, tailMs: ms / 10 });

/** Patterns differ by a few parts of a ms beside the work. */
function twoRegimes(): Promise<Result> {
  const beside: Record<string, number> = { rest: 0.5, grpc: 0.9, graphql: 0.55, queue: 1.2, events: 2 };
  return measuredResult('pattern-comparison', ({ pattern, variant }) => {
    const ms = beside[pattern]!;
    const work = variant === 'w21' ? 21 : 0;
    return { wait: at(['queue', 'events'].includes(pattern) ? ms : ms + work), done: at(ms + work) };
  });
}

/** Without those that only --all measures. */
async function regimes(): Promise<Result> {
  const result = await measuredResult('regimes', ({ pattern, variant }) => {
    const work = Number(/^w(\d+)/.exec(variant!)![1]);
    return { wait: at(pattern === 'rest' ? 0.5 + work : 1), done: at((pattern === 'rest' ? 0.5 : 1) + work) };
  });
  const asked = result.scenario.variants.flatMap(({ id, optional }) => (optional ? [] : [id]));
  const isAsked = ({ variant }: { readonly variant: string | null }) => asked.includes(variant!);
  const design = { ...result.design, order: result.design.order.filter(isAsked) };
  return { ...result, design, trials: result.trials.filter(isAsked) };
}

/** One form of the queue is of another level; of one of REST the generator was late. */
async function libraries(): Promise<Result> {
  const ms: Record<string, number> = {
    'rest-fetch': 0.55,
    queue: 1.4,
    'queue-client': 0.5,
    'rabbitmq-tuned': 0.9,
  };
  const result = await measuredResult('libraries', ({ pattern }) => ({ wait: at(ms[pattern] ?? 0.6) }));
  const trials = result.trials.map((trial) =>
    trial.pattern === 'rest-fetch' ? { ...trial, phases: lateIn(trial.phases, 0.6) } : trial,
  );
  return { ...result, trials };
}

/** Of the queue the broker's CPU, and of gRPC the service's, falls from round to round: under one variant each. */
async function drifting(): Promise<Result> {
  const steady = await twoRegimes();
  const trials = steady.trials.map((trial): Trial => {
    const { pattern, variant, round, cost } = trial;
    const falling = 800 * (1 + 1 / (2 * round));
    switch (`${pattern} ${variant}`) {
      case 'queue w0':
        return { ...trial, cost: { ...cost, brokerUs: falling } };
      case 'queue w21':
        return { ...trial, cost: { ...cost, brokerUs: 800 } };
      case 'grpc w21':
        return { ...trial, cost: { ...cost, serviceUs: falling } };
      default:
        return trial;
    }
  });
  return { ...steady, trials };
}

/** Of REST one round is disturbed, of gRPC each; of GraphQL one is incomplete. */
async function thresholdsInNoise(): Promise<Result> {
  const result = await twoRegimes();
  const verdictOf = ({ pattern, round }: Trial): Trial['validity']['verdict'] => {
    if (pattern === 'grpc' || (pattern === 'rest' && round === 2)) return 'disturbed';
    return pattern === 'graphql' && round === 3 ? 'incomplete' : 'valid';
  };
  const trials = result.trials.map((trial): Trial => {
    const [phase] = trial.phases;
    const outcomes = { ok: 395, error: 3, timeout: 2 };
    const phases = trial.pattern === 'grpc' ? [{ ...phase!, outcomes, correct: 395 }] : trial.phases;
    return { ...trial, phases, validity: { ...trial.validity, verdict: verdictOf(trial) } };
  });
  const thresholds = [
    'response p50 < 1ms',
    'response p90 < 30ms',
    'response p99.9 < 20ms',
    'completion p99 < 3ms',
    'rest: completion p50 < 0.1ms',
    'goodput >= 199.9/s',
    'goodput >= 198.9/s',
    'done-in-time >= 250/s',
    'failures < 0.1%',
    'failures < 1%',
    'failures < 5%',
    'lost == 0',
    'dead-lettered <= 3',
  ];
  return { ...result, trials, scenario: { ...result.scenario, thresholds } };
}

async function thresholdsUnderFaults(): Promise<Result> {
  const result = await toldResult('cascade', ({ variant, case: of }) =>
    ['synchronous', 'rabbitmq'].includes(variant!) && ['killed', 'slow'].includes(of!)
      ? fateOf(0.5)({ variant: of })
      : undefined,
  );
  const thresholds = [
    'failures < 20%',
    'recovery < 1s',
    'killed: recovery < 20s',
    'control: failures < 1%',
    'lost == 0',
  ];
  // The last trial was planned, and not run.
  const trials = result.trials.slice(0, -1);
  return { ...result, trials, scenario: { ...result.scenario, thresholds } };
}

/** Payments are ready again 1.3 s after the plan has them back, and so the fault's phase ends later. */
async function slowRestart(): Promise<Result> {
  const result = await toldResult('circuit-breaker', fateOf(0.4));
  const lateNs = 1.3e9;
  const trials = result.trials.map((trial): Trial => {
    const killed = trial.faults.find((fault) => fault.do === 'kill');
    if (!killed) return trial;
    const plannedNs = killed.plannedAtNs + killed.plannedForNs;
    const moved = (ns: number) => (ns === plannedNs ? ns + lateNs : ns);
    return {
      ...trial,
      faults: trial.faults.map((one) => (one === killed ? { ...one, readyNs: plannedNs + lateNs } : one)),
      phases: trial.phases.map((phase) => {
        return { ...phase, fromNs: moved(phase.fromNs), toNs: moved(phase.toNs) };
      }),
    };
  });
  return { ...result, trials };
}

function fateOf(share: number) {
  return ({ variant }: { readonly variant: string | null }): Fate => {
    const isProtected = variant !== 'none';
    return {
      correct: { createUser: isProtected ? share + 0.2 : share },
      after: { createUser: 0.97 },
      tries: isProtected ? 1.1 : 2.5,
      ...(isProtected ? { acts: true } : {}),
    };
  };
}

const ROUNDS = 7;

/** Trials with faults and their controls of one variant, each round a little better. */
async function roundsOf(of: string, shareAt: (round: number) => number): Promise<Result> {
  const each = await Promise.all(
    Array.from({ length: ROUNDS }, async (_, i) => {
      const result = await toldResult('circuit-breaker', (which) =>
        which.variant === of ? fateOf(shareAt(i + 1))(which) : undefined,
      );
      const trials = result.trials
        .filter(({ kind }) => kind === 'fault')
        .map((trial, j): Trial => ({ ...trial, id: 10 * i + j, round: i + 1, variant: null }));
      return { ...result, trials };
    }),
  );
  const [first] = each;
  const scenario = { ...first!.scenario, variants: [], rounds: ROUNDS };
  return { ...first!, scenario, trials: each.flatMap(({ trials }) => trials) };
}

async function abUnderFaults(): Promise<Shown> {
  const [a, b] = await Promise.all([
    roundsOf('none', (round) => 0.2 + round / 100),
    roundsOf('breaker', (round) => 0.3 + ((round * 3) % 5) / 100),
  ]);
  const arms = abRecordOf({ a, b });
  const record = { ...arms, design: { ...arms.design, kind: 'fault' as const } };
  return { record, view: abKind.view(record, 'ab.json') };
}

async function varied(kind: 'fault' | 'latency'): Promise<Shown> {
  const values = [200, 1000];
  const each = await Promise.all(
    values.map(async (value) => {
      const { trials, ...header } =
        kind === 'fault'
          ? await roundsOf('breaker', (round) => value / 2000 + round / 100)
          : await measuredResult('slow-consumer', () => ({ wait: at(value / 100) }));
      return { header, trials: trials.map((trial) => ({ ...trial, value })) };
    }),
  );
  const { header } = each[0]!;
  const rounds = kind === 'fault' ? ROUNDS : 5;
  const record: VaryRecord = {
    ...header,
    experiment: 'vary',
    design: { path: 'policies.breaker.0.openMs', values, variant: null, kind, rounds },
    trials: each.flatMap(({ trials }) => trials),
  };
  return { record, view: varyView(record, 'vary.json') };
}

/** The same under three variants, by four rounds and by five. */
function twoRuns(): Shown {
  const [a, b] = [variantsResult(4), variantsResult(5)];
  const comparison = compareResults([{ file: 'a.json', result: a }], [{ file: 'b.json', result: b }], {
    margin: 0.05,
    declared: [],
  });
  return { record: b, baseline: a, view: comparisonView(comparison) };
}
