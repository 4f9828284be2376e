import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exitCodeOfRun } from '../../../src/experiments/run/conduct.ts';
import type { Phase } from '../../../src/measure/figures/figures.ts';
import { SeriesBuilder } from '../../../src/measure/figures/histogram.ts';
import type { Result, Trial } from '../../../src/record/record.ts';
import { evaluateThresholds, thresholdsOutside } from '../../../src/analysis/thresholds/evaluate.ts';
import { foundText, thresholdNoteText } from '../../../src/report/reasons/threshold-text.ts';
import { bare, printed } from '../../support/reporters.ts';
import { viewOf } from '../../../src/report/view-of.ts';
import { pairedScenario } from '../../../src/plan/paired-scenario.ts';
import { scenarioSchema } from '../../../src/scenario/schema/schema.ts';
import { casesResult, TELLINGS } from '../../support/faults.ts';
import {
  completeResult,
  failingTrial,
  lateIn,
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
function evaluated(result: Result, ...thresholds: string[]) {
  return evaluateThresholds(asking(result, ...thresholds)).map((one) =>
    [one.pattern.id, one.state, one.found && foundText(one.found), thresholdNoteText(one)].filter(
      (part) => part !== null,
    ),
  );
}

const rounds = (n: number, more: (round: number) => Partial<Trial> = () => ({})) =>
  Array.from({ length: n }, (_, i) => latencyTrial(i + 1, 'rest', i + 1, more(i + 1)));
const restOf = (trials: readonly Trial[]) => resultOf([REST], trials);
const notValid = (verdict: 'incomplete' | 'disturbed'): Partial<Trial> => ({
  validity: { verdict, causes: [], boundQuantiles: [] },
});

test('a threshold on a pattern that this run leaves out is named, in every format, and fails nothing', () => {
  const whole = asking(completeResult(), 'response p99 < 2ms', 'queue: lost == 0');
  expect(thresholdsOutside(whole)).toEqual([]);
  const result = { ...whole, patterns: whole.patterns.filter(({ id }) => id === 'rest') };
  expect(thresholdsOutside(result).map(({ text }) => text)).toEqual(['queue: lost == 0']);
  expect(exitCodeOfRun(result)).toBe(0);
  const { findings, screen, meta } = viewOf(result);
  expect(findings[0]).toBe('Thresholds: 0 missed, 1 met, 1 not part of this run.');
  expect(screen.notes).toContain('– queue: lost == 0: not judged: not part of this run');
  expect(meta.checks).toContainEqual(
    expect.objectContaining({ name: 'queue: lost == 0', state: 'skipped', verdict: 'not judged' }),
  );
});

test('every pattern is evaluated by itself, unless the threshold is of one', () => {
  const result = completeResult();
  expect(evaluated(result, 'response p99 < 2ms', 'queue: completion p50 < 1.4ms', 'lost == 0')).toEqual([
    ['rest', 'met', '1.93 ms'],
    ['queue', 'missed', '3.22 ms'],
    ['queue', 'missed', '1.50 ms'],
    ['rest', 'met', '0'],
    ['queue', 'met', '0'],
  ]);
  expect(evaluated(result, 'goodput >= 200/s', 'goodput > 200/s').map(([, state]) => state)).toEqual([
    'met',
    'met',
    'missed',
    'missed',
  ]);
});

test('a percentile that too few calls tell is neither met nor missed', () => {
  expect(evaluated(completeResult(), 'rest: response p99.9 < 1h')).toEqual([
    ['rest', 'unknown', 'p99.9 needs 20 samples beyond it, found 3 of 3,000 calls'],
  ]);
});

describe('trials that are not valid', () => {
  const disturbedIn = (n: number, more: Partial<Trial> = {}) =>
    restOf(rounds(5, (round) => (round <= n ? { ...notValid('disturbed'), ...more } : {})));

  test('a limit that is kept in spite of noise is met', () => {
    const note = '5 of 5 disturbed, which can only have made it worse';
    expect(evaluated(disturbedIn(5), 'response p50 < 1s', 'completion p50 < 1s')).toEqual([
      ['rest', 'met', '≤ 0.80 ms', note],
      ['rest', 'met', '≤ 0.57 ms', note],
    ]);
  });

  test('a limit that is not kept in noise is evaluated on valid trials', () => {
    expect(evaluated(disturbedIn(1), 'response p50 < 0.1ms')).toEqual([
      ['rest', 'missed', '0.79 ms', '1 of 5 excluded: disturbed'],
    ]);
  });

  test('without any valid trial the figure is shown, and neither met nor missed', () => {
    expect(evaluated(disturbedIn(5), 'response p50 < 0.1ms', 'response p50 > 0.1ms')).toEqual([
      ['rest', 'unknown', '≤ 0.80 ms', 'not evaluated: disturbed'],
      ['rest', 'unknown', '≤ 0.80 ms', 'not evaluated: disturbed'],
    ]);
  });

  test('noise answers no call with an error: half of all calls did', () => {
    const { phases } = latencyTrial(1, 'rest', 1);
    const failing = phases.map((phase) => {
      const half = phase.planned / 2;
      return { ...phase, correct: half, outcomes: { ok: half, error: half } };
    });
    expect(
      evaluated(disturbedIn(5, { phases: failing }), 'failures < 1%', 'goodput > 199/s', 'lost == 0'),
    ).toEqual([
      ['rest', 'missed', '50.0 %, 1,500 of 3,000', '5 of 5 disturbed, which does not cause errors'],
      ['rest', 'missed', '100/s', '5 of 5 disturbed, which does not cause errors'],
      ['rest', 'met', '0'],
    ]);
  });

  test('time-outs and late replies may be the noise itself: no count of them is missed', () => {
    const { phases } = latencyTrial(1, 'rest', 1);
    const failing = phases.map((phase) => {
      const half = phase.planned / 2;
      return { ...phase, correct: half, outcomes: { ok: half, timeout: half } };
    });
    const result = disturbedIn(5, { phases: failing });
    expect(evaluated(result, 'failures < 1%', 'failures < 60%').map(([, state]) => state)).toEqual([
      'unknown',
      'met',
    ]);
    expect(evaluated(result, 'goodput > 199/s', 'goodput > 99/s').map(([, state]) => state)).toEqual([
      'unknown',
      'met',
    ]);
    // One round of five had it all: the valid ones answer.
    const one = disturbedIn(1, { phases: failing });
    expect(evaluated(one, 'failures < 1%')).toEqual([
      ['rest', 'met', '0.0 %, 0 of 2,400', '1 of 5 excluded: disturbed'],
    ]);
  });

  test('an incomplete one is never used', () => {
    const incomplete = restOf(rounds(5, (round) => (round <= 2 ? notValid('incomplete') : {})));
    expect(evaluated(incomplete, 'lost == 0')).toEqual([['rest', 'met', '0', '2 of 5 excluded: incomplete']]);
    const none = restOf(rounds(5, () => notValid('incomplete')));
    expect(evaluated(none, 'lost == 0')).toEqual([['rest', 'unknown', 'not evaluated: incomplete']]);
  });

  test('where the generator itself was late, a percentile is a bound, and lower ones are exact', () => {
    const { phases } = latencyTrial(1, 'rest', 1);
    const result = restOf(rounds(5, () => ({ phases: lateIn(phases, 0.02) })));
    const asked = ['response p99 < 1h', 'response p99 < 0.1ms', 'response p95 < 1h'];
    expect(evaluated(result, ...asked)).toEqual([
      ['rest', 'met', expect.stringMatching(/^≤ .* ms$/)],
      ['rest', 'unknown', expect.stringMatching(/^≤ .* ms$/), 'the generator itself was too late at p99'],
      ['rest', 'met', expect.stringMatching(/^\d.* ms$/)],
    ]);
  });
});

test('calls that failed are in every percentile: 3 % without an answer leave no p98', () => {
  const result = restOf([1, 2, 3, 4, 5].map((round) => failingTrial('effect-log', round, round)));
  expect(
    evaluated(result, 'response p98 < 1h', 'response p50 < 1s', 'failures < 3%', 'failures <= 3%'),
  ).toEqual([
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
      const base = phaseOf(planned, { leastMs: 1, tailMs: 1 }, { leastMs: 1, tailMs: 1 }, 1);
      const phase: Phase = { ...base, response, correct: answered.length };
      const trial = trialOf({ id: 1, pattern: 'rest', phases: [phase] });
      const [[, state]] = evaluated(restOf([trial]), `response p${percent} <= ${limit / 1000}ms`) as [
        string[],
      ];
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
  expect(evaluated({ ...result, trials }, 'lost == 0', 'queue: duplicates <= 5')).toEqual([
    ['rest', 'met', '0'],
    ['queue', 'missed', '2'],
    ['queue', 'met', '5'],
  ]);
});

test('of a target nobody sees what it has done', () => {
  const result = restOf([1, 2, 3].map((round) => failingTrial('none', round, round)));
  const unknown = ['rest', 'unknown', 'acceptance only: completion at the target is unknown'];
  expect(evaluated(result, 'lost == 0', 'completion p50 < 1h', 'done-in-time > 1/s')).toEqual([
    unknown,
    unknown,
    unknown,
  ]);
});

test('what is sent without a confirm is neither late nor failed', () => {
  const none = new SeriesBuilder(0).build();
  const shape = { leastMs: 1, tailMs: 1 };
  const phases = [phaseOf(600, shape, shape, 1, { response: none, serviceTime: none, correct: 0 })];
  const result = restOf(rounds(5, () => ({ phases })));
  const reason = 'sent without a confirm: the instant of acceptance is unknown';
  expect(evaluated(result, 'response p50 < 1h', 'failures <= 1%', 'goodput > 1/s')).toEqual([
    ['rest', 'unknown', reason],
    ['rest', 'unknown', reason],
    ['rest', 'unknown', reason],
  ]);
  expect(evaluated(result, 'completion p50 < 1h').map(([, state]) => state)).toEqual(['met']);
});

test('a pattern that was not run is not evaluated', () => {
  const notRun = { ...QUEUE, state: 'not-run' as const, reason: 'no RabbitMQ' };
  const result = resultOf([REST, notRun], rounds(5), { state: 'incomplete' });
  expect(evaluated(result, 'queue: lost == 0')).toEqual([['queue', 'unknown', 'the pattern was not run']]);
});

describe('recovery, and scopes of cases', () => {
  const result = casesResult();
  const [first] = result.scenario.cases;
  test('every case and variant is evaluated, and what was only watched for so long is not known to be longer', () => {
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
  test('trials with faults are evaluated, each case by itself, and the report says so', () => {
    const all = evaluateThresholds(asking(result, 'failures <= 100%'));
    expect(new Set(all.map(({ which }) => which))).toEqual(new Set(['fault']));
    expect(new Set(all.map((one) => one.case))).toEqual(
      new Set(result.scenario.cases.map(({ title }) => title)),
    );
    const [named] = evaluateThresholds(asking(result, `${first!.id}: failures <= 100%`));
    expect(named).toMatchObject({ case: first!.title, which: 'fault', found: all[0]!.found });
    const view = viewOf(asking(result, 'fault: failures < 0%'));
    expect(printed(view, 'table')).toMatch(/^Thresholds\nPattern .*Trials/m);
  });
  test('a pattern without a part in the fault is not evaluated, for nothing is missing', () => {
    const { design, patterns, scenario } = result;
    const other = { ...patterns[0]!, id: 'other', title: 'Other' };
    const variant = scenario.variants[0]?.id ?? null;
    const control = { ...design.order[0]!, kind: 'control', case: null, pattern: 'other', variant };
    const order = [...design.order, control];
    const more = { ...result, design: { ...design, order }, patterns: [...patterns, other] };
    const all = evaluateThresholds(asking(more, 'response p50 < 1s'));
    expect(all.map(({ pattern }) => pattern.id)).not.toContain('other');
  });
  test('controls where they are asked for', () => {
    const [calm] = evaluateThresholds(asking(result, 'control: failures <= 100%'));
    const [faulted] = evaluateThresholds(asking(result, 'fault: failures <= 100%'));
    expect(calm).toMatchObject({ case: null, which: 'control' });
    expect(faulted!.found!.value).toBeGreaterThan(calm!.found!.value!);
  });
  test('a case on a broker is evaluated where that is on the way; elsewhere there is nothing to tell', () => {
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
  expect(exitCodeOfRun(asking(completeResult(), 'response p50 < 1s'), { strict: true })).toBe(0);
  // What is never evaluated would pass for ever.
  expect([exitCodeOfRun(met), exitCodeOfRun(met, { allowUnjudged: true })]).toEqual([4, 0]);
  expect(exitCodeOfRun(missed)).toBe(5);
  expect(exitCodeOfRun({ ...missed, state: 'incomplete' }, { strict: true })).toBe(3);
  const disturbed = missed.trials.map((trial) =>
    trial.round === 1 && trial.kind === 'latency' ? { ...trial, ...notValid('disturbed') } : trial,
  );
  expect(exitCodeOfRun({ ...missed, trials: disturbed }, { strict: true })).toBe(4);
  expect(exitCodeOfRun({ ...missed, trials: disturbed })).toBe(5);
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
