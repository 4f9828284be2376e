import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exitCodeOfRun } from '../../../src/experiments/run/conduct.ts';
import type { Phase } from '../../../src/measure/figures/figures.ts';
import { SeriesBuilder } from '../../../src/measure/figures/histogram.ts';
import type { Result, Trial } from '../../../src/record/record.ts';
import { evaluateThresholds } from '../../../src/analysis/thresholds/evaluate.ts';
import { foundText, thresholdNoteText } from '../../../src/report/reasons/threshold-text.ts';
import { bare, printed } from '../../support/reporters.ts';
import { viewOf } from '../../../src/report/view-of.ts';
import { pairedScenario } from '../../../src/plan/paired-scenario.ts';
import { scenarioSchema } from '../../../src/scenario/schema/schema.ts';
import { casesResult, TELLINGS } from '../../support/faults.ts';
import {
  completeResult,
  failingTrial,
  latencyTrial,
  ledgerOf,
  phaseOf,
  QUEUE,
  REST,
  resultOf,
  trialOf,
} from '../../support/result.ts';

function asking(result: Result, ...thresholds: string[]): Result {
  return { ...result, scenario: { ...result.scenario, thresholds } };
}

/** State, figure and note of each threshold on each pattern. */
function judge(result: Result, ...thresholds: string[]) {
  return evaluateThresholds(asking(result, ...thresholds)).map((one) =>
    [one.pattern.id, one.state, one.found && foundText(one.found), thresholdNoteText(one)].filter(
      (part) => part !== null,
    ),
  );
}

const rounds = (n: number, more: (round: number) => Partial<Trial> = () => ({})) =>
  Array.from({ length: n }, (_, i) => latencyTrial(i + 1, 'rest', i + 1, more(i + 1)));
const restOf = (trials: readonly Trial[]) => resultOf([REST], trials);
const notValid = (verdict: 'generator-bound' | 'disturbed'): Partial<Trial> => ({
  validity: { verdict, causes: [], boundQuantiles: [] },
});

test('every pattern is judged by itself, unless the threshold is of one', () => {
  const result = completeResult();
  expect(judge(result, 'response p99 < 2ms', 'queue: completion p50 < 1.4ms', 'lost == 0')).toEqual([
    ['rest', 'met', '1.93 ms'],
    ['queue', 'missed', '3.22 ms'],
    ['queue', 'missed', '1.50 ms'],
    ['rest', 'met', '0'],
    ['queue', 'met', '0'],
  ]);
  expect(judge(result, 'goodput >= 200/s', 'goodput > 200/s').map(([, state]) => state)).toEqual([
    'met',
    'met',
    'missed',
    'missed',
  ]);
});

test('a percentile that too few calls tell is neither met nor missed', () => {
  expect(judge(completeResult(), 'rest: response p99.9 < 1h')).toEqual([
    ['rest', 'unknown', 'p99.9 needs 20 samples beyond it, found 3 of 3,000 calls'],
  ]);
});

test('only valid trials are judged; those that are left out are told', () => {
  const result = restOf(rounds(5, (round) => (round === 2 ? notValid('disturbed') : {})));
  expect(judge(result, 'failures <= 0%')).toEqual([
    ['rest', 'met', '0.0 %, 0 of 2,400', '1 of 5 excluded: disturbed'],
  ]);
  const none = restOf(rounds(5, () => notValid('generator-bound')));
  expect(judge(none, 'response p50 < 1h', 'lost == 0')).toEqual([
    ['rest', 'unknown', 'not evaluated: generator-bound'],
    ['rest', 'unknown', 'not evaluated: generator-bound'],
  ]);
});

test('where the generator itself was late, that percentile is not judged, and lower ones are', () => {
  const late = { verdict: 'valid' as const, causes: [], boundQuantiles: [0.99, 0.999] };
  const result = restOf(rounds(5, () => ({ validity: late })));
  expect(judge(result, 'response p99 < 1h', 'response p95 < 1h', 'response p90 < 1h')).toEqual([
    ['rest', 'unknown', 'the generator itself was too late at p99'],
    ['rest', 'unknown', 'the generator itself was too late at p95'],
    ['rest', 'met', expect.stringContaining('ms')],
  ]);
});

test('calls that failed are in every percentile: 3 % without an answer leave no p98', () => {
  const result = restOf([1, 2, 3, 4, 5].map((round) => failingTrial('effect-log', round, round)));
  expect(judge(result, 'response p98 < 1h', 'response p50 < 1s', 'failures < 3%', 'failures <= 3%')).toEqual([
    ['rest', 'missed', 'never, 3.0 % of 3,000'],
    ['rest', 'met', expect.stringMatching(/^0\.8\d ms$/)],
    ['rest', 'missed', '3.0 %, 90 of 3,000'],
    ['rest', 'met', '3.0 %, 90 of 3,000'],
  ]);
});

test('a percentile among planned calls is that of a list in which those without an answer come last', () => {
  const time = fc.integer({ min: 1, max: 1000 });
  const parts = fc.record({
    answered: fc.array(time, { minLength: 200, maxLength: 400 }),
    failed: fc.integer({ min: 0, max: 60 }),
    percent: fc.integer({ min: 1, max: 99 }),
    limit: time,
  });
  fc.assert(
    fc.property(parts, ({ answered, failed, percent, limit }) => {
      const builder = new SeriesBuilder(0);
      // Below 2048 us the histogram is exact.
      answered.forEach((us, i) => builder.record(us * 1000, i * 5e6));
      const planned = answered.length + failed;
      const response = builder.build();
      const base = phaseOf(planned, { floorMs: 1, tailMs: 1 }, { floorMs: 1, tailMs: 1 }, 1);
      const phase: Phase = { ...base, response, correct: answered.length };
      const trial = trialOf({ id: 1, pattern: 'rest', phases: [phase] });
      const [[, state]] = judge(restOf([trial]), `response p${percent} <= ${limit / 1000}ms`) as [string[]];
      const all = [...answered.toSorted((a, b) => a - b), ...Array<number>(failed).fill(Infinity)];
      const truth = all[Math.ceil((planned * percent) / 100) - 1]!;
      expect(['unknown', truth <= limit ? 'met' : 'missed']).toContain(state);
      if (truth === Infinity) expect(state).toBe('missed');
      // Of the rule itself: enough samples beyond it.
      const beyond = answered.filter((us) => us > truth).length;
      if (beyond >= 20 && percent <= 90) expect(state).not.toBe('unknown');
    }),
  );
});

test('what is counted exactly is so in every trial but floors, and the outage is one', () => {
  const result = completeResult();
  const trials = result.trials.map((trial) =>
    trial.kind === 'service-outage' && trial.pattern === 'queue'
      ? { ...trial, ledgers: [ledgerOf(2400, { lost: 2, duplicates: 5 })] }
      : trial.kind === 'no-op'
        ? { ...trial, ledgers: [ledgerOf(400, { lost: 7 })] }
        : trial,
  );
  expect(judge({ ...result, trials }, 'lost == 0', 'queue: duplicates <= 5')).toEqual([
    ['rest', 'met', '0'],
    ['queue', 'missed', '2'],
    ['queue', 'met', '5'],
  ]);
});

test('of a target nobody sees what it has done', () => {
  const result = restOf([1, 2, 3].map((round) => failingTrial('none', round, round)));
  const unknown = ['rest', 'unknown', 'acceptance only: completion at the target is unknown'];
  expect(judge(result, 'lost == 0', 'completion p50 < 1h', 'done-in-time > 1/s')).toEqual([
    unknown,
    unknown,
    unknown,
  ]);
});

test('what is sent without a confirm is neither late nor failed', () => {
  const none = new SeriesBuilder(0).build();
  const shape = { floorMs: 1, tailMs: 1 };
  const phases = [phaseOf(600, shape, shape, 1, { response: none, serviceTime: none, correct: 0 })];
  const result = restOf(rounds(5, () => ({ phases })));
  const reason = 'sent without a confirm: the instant of acceptance is unknown';
  expect(judge(result, 'response p50 < 1h', 'failures <= 1%', 'goodput > 1/s')).toEqual([
    ['rest', 'unknown', reason],
    ['rest', 'unknown', reason],
    ['rest', 'unknown', reason],
  ]);
  expect(judge(result, 'completion p50 < 1h').map(([, state]) => state)).toEqual(['met']);
});

test('a pattern that was not run is not judged', () => {
  const notRun = { ...QUEUE, state: 'not-run' as const, reason: 'no RabbitMQ' };
  const result = resultOf([REST, notRun], rounds(5), { state: 'incomplete' });
  expect(judge(result, 'queue: lost == 0')).toEqual([['queue', 'unknown', 'the pattern was not run']]);
});

describe('recovery, and scopes of cases', () => {
  const result = casesResult();
  const [first] = result.scenario.cases;
  test('every case and variant is judged, and what was only watched for so long is not known to be longer', () => {
    const all = evaluateThresholds(asking(result, 'recovery < 1h'));
    expect(all.length).toBeGreaterThan(2);
    for (const { state, found } of all) {
      // Right-censored: longer than it was watched, and nobody knows by how much.
      if (found && foundText(found).startsWith('>')) expect(state).toBe('unknown');
      else if (found) expect(state).toBe('met');
    }
    expect(new Set(all.map(({ state }) => state))).toContain('met');
    const strict = evaluateThresholds(asking(result, 'recovery < 0ms'));
    const isOnlyWatched = ({ found }: (typeof strict)[number]) => found && foundText(found).startsWith('>');
    expect(strict.filter(isOnlyWatched).map(({ state }) => state)).not.toContain('unknown');
  });
  test('a case that is named is looked at in its own trials', () => {
    const [calm] = evaluateThresholds(asking(result, 'failures <= 100%'));
    const [named] = evaluateThresholds(asking(result, `${first!.id}: failures <= 100%`));
    expect([calm!.case, named!.case]).toEqual([null, first!.title]);
    expect(named!.found!.value).toBeGreaterThan(calm!.found!.value!);
  });
  test('a case on a broker is judged where that is on the way; elsewhere there is nothing to tell', () => {
    const all = evaluateThresholds(asking(result, 'rabbitmq: failures <= 100%'));
    expect(all.map(({ variant, state }) => [variant, state])).toEqual([[TELLINGS.queue.title, 'met']]);
    // Unless it is asked for by name: what nobody looks at is not met.
    const [named] = evaluateThresholds(asking(result, 'breaker/rabbitmq: failures <= 100%'));
    expect(named).toMatchObject({ state: 'unknown', reason: { code: 'no-trial-finished' } });
  });
});

test('exit codes: incomplete before not valid before missed', () => {
  const missed = asking(completeResult(), 'response p50 < 0.1ms');
  const met = asking(completeResult(), 'response p50 < 1s', 'response p99.9 < 1ms');
  expect(exitCodeOfRun(asking(completeResult(), 'response p50 < 1s'), true)).toBe(0);
  expect([exitCodeOfRun(met, false), exitCodeOfRun(met, true)]).toEqual([0, 4]);
  expect(exitCodeOfRun(missed, false)).toBe(5);
  expect(exitCodeOfRun({ ...missed, state: 'incomplete' }, true)).toBe(3);
  const disturbed = missed.trials.map((trial) =>
    trial.round === 1 && trial.kind === 'latency' ? { ...trial, ...notValid('disturbed') } : trial,
  );
  expect(exitCodeOfRun({ ...missed, trials: disturbed }, true)).toBe(4);
  expect(exitCodeOfRun({ ...missed, trials: disturbed }, false)).toBe(5);
});

test('in the report they come first, and to JUnit each is a test', () => {
  const result = asking(
    completeResult(),
    'response p50 < 1s',
    'rest: response p99 < 1ms',
    'response p99.9 < 1s',
  );
  const view = viewOf(result);
  expect(view.findings[0]).toBe('Thresholds: 1 missed, 2 not evaluated, 2 met.');
  expect(view.tables[0]!.id).toBe('thresholds');
  const xml = printed(view, 'junit');
  expect(xml).toMatch(/<testsuites [^>]*tests="5" failures="1" errors="0" skipped="2">/);
  expect(viewOf(completeResult()).tables[0]!.id).not.toBe('thresholds');
});

test('what an arm of a comparison runs has none: they may name what is left out', () => {
  const { scenario } = asking(casesResult(), 'recovery < 5s', 'lost == 0');
  expect(scenarioSchema.safeParse(scenario).success).toBe(true);
  const paired = pairedScenario(scenario, 2);
  expect(paired.thresholds).toEqual([]);
  expect(scenarioSchema.safeParse(paired).success).toBe(true);
});

test.each([120, 80, 60])('as a table, %d columns', async (width) => {
  const partly = completeResult();
  const trials = partly.trials.map((trial) =>
    trial.round === 2 && trial.pattern === 'rest' ? { ...trial, ...notValid('disturbed') } : trial,
  );
  const asked = ['response p99 < 2ms', 'queue: completion p50 <= 1.4ms', 'response p99.9 < 3ms', 'lost == 0'];
  const result = asking({ ...partly, trials }, ...asked);
  const { findings, tables, ...report } = bare(viewOf(result));
  const only = { ...report, findings: findings.slice(0, 1), tables: tables.slice(0, 1) };
  const text = printed(only, 'table', { width });
  await expect(text).toMatchFileSnapshot(`../../golden/thresholds-${width}.txt`);
  expect(text.split('\n').filter((line) => line.length > width)).toEqual([]);
});
