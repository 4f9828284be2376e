import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Result, Trial } from '../../src/record/record.ts';
import { readResult } from '../../src/record/store.ts';
import { sentencesIn } from '../../src/report/report.ts';
import { viewOf } from '../../src/report/view-of.ts';
import type { Cell, Section } from '../../src/report/view.ts';
import {
  completeResult,
  failingTrial,
  baselineTrial,
  lateIn,
  latencyTrial,
  ledgerOf,
  outageTrial,
  phaseOf,
  QUEUE,
  REST,
  resultOf,
  seriesOf,
  TARGET,
  trialOf,
} from '../support/result.ts';

function sectionOf(result: Result, id: string): Section {
  return viewOf(result).tables.find((s) => s.id === id)!;
}

function cell(result: Result, section: string, pattern: string, column: string): Cell {
  const found = sectionOf(result, section);
  const row = found.rows.find((r) => r.pattern === pattern)!;
  return row.cells[found.columns.findIndex((c) => c.id === column)]!;
}

function codes(result: Result): string[] {
  return viewOf(result).caveats.warnings.map((warning) => warning.code);
}

const invalid = (
  verdict: 'generator-bound' | 'disturbed',
  boundQuantiles: number[] = [],
): Partial<Trial> => ({
  validity: { verdict, causes: [{ cause: verdict, detail: `because of ${verdict}` }], boundQuantiles },
});

describe('findings', () => {
  test('with an outage a sentence names those that tolerate it', () => {
    expect(viewOf(completeResult()).findings[1]).toBe(
      'Tolerates consumer downtime: Message queue (all done, 95 % within 4.33 s).',
    );
  });
  test('a pattern that was not run is said to be so, never left out', () => {
    const notRun = { ...QUEUE, state: 'not-run' as const, reason: 'no broker', hint: 'install one' };
    const [headline] = viewOf(resultOf([REST, notRun], [outageTrial(1, 'rest')])).findings;
    expect(headline).toContain('; not measured: Message queue: not run.');
  });
  test('a doubtful measurement is named beside the findings', () => {
    const result = resultOf([REST], [outageTrial(1, 'rest', invalid('disturbed'))]);
    expect(sentencesIn(viewOf(result)).at(-1)).toBe('0 of 1 trial valid; 1 on a noisy host.');
  });
  test('without an outage the order is the headline', () => {
    const result = completeResult();
    result.scenario.serviceOutage = null;
    result.trials = result.trials.filter((t) => t.kind !== 'service-outage');
    expect(viewOf(result).findings).toHaveLength(1);
    expect(viewOf(result).findings[0]).toMatch(
      /^Completes soonest: REST \(0\.57 ms\), then Message queue \(1\.50 ms\)/,
    );
  });
  test('an order is claimed only with its condition, and only between patterns with enough comparable rounds', () => {
    expect(viewOf(completeResult()).findings[0]).toMatch(/ms\); their guarantees differ\.$/);
    const marked = completeResult();
    marked.trials = marked.trials.map((t) =>
      t.kind === 'latency' && t.round <= 3 ? { ...t, ...invalid('generator-bound', [0.5]) } : t,
    );
    expect(viewOf(marked).findings[0]).toContain('no recommendation: 0 of 2 measured');
  });
  test('patterns whose rounds overlap have no order; too few rounds cannot tell', () => {
    const shape = { leastMs: 1, tailMs: 0.5 };
    const like = (id: number, pattern: 'rest' | 'queue', round: number) =>
      latencyTrial(id, pattern, round, { phases: [phaseOf(600, shape, shape, id * 10)] });
    const rounds = (n: number) =>
      Array.from({ length: n }, (_, i) => [
        like(i * 2 + 1, 'rest', i + 1),
        like(i * 2 + 2, 'queue', i + 1),
      ]).flat();
    const finding = (n: number) => viewOf(resultOf([REST, QUEUE], rounds(n))).findings[0];
    expect(finding(5)).toContain('Message queue (1.33 ms) or REST (1.34 ms), difference not significant');
    // Drawn from the same distribution, yet two rounds of each happen not to overlap.
    expect(finding(2)).toContain('too few comparable rounds for an order');
  });
  test('a saturated pattern is none to recommend, however soon its few answers come', () => {
    const saturated = completeResult();
    saturated.trials = saturated.trials.map((t) =>
      t.pattern === 'queue' && t.round <= 2
        ? { ...t, load: { verdict: 'saturated', detail: 'a backlog' } }
        : t,
    );
    expect(viewOf(saturated).findings[0]).toBe('Completes soonest: REST (0.57 ms); Message queue saturated.');
  });
  test('finished, yet too short to tell a median, is not the same as not finished', () => {
    const shape = { leastMs: 1, tailMs: 1 };
    const short = latencyTrial(1, 'rest', 1, { phases: [phaseOf(30, shape, shape, 1)] });
    const { findings } = viewOf(resultOf([REST], [short]));
    expect(findings).toEqual([expect.stringMatching(/^Too few calls: /)]);
    expect(viewOf(resultOf([REST], [baselineTrial(1, 'rest')])).findings).toEqual([
      'No results: no trial finished.',
      'Run again; `commbench doctor` shows what is missing.',
    ]);
    const spoilt: Trial = {
      ...short,
      validity: { verdict: 'disturbed', causes: [], boundQuantiles: [] },
    };
    expect(sentencesIn(viewOf(resultOf([REST], [spoilt]))).at(-1)).toMatch(/^0 of 1 trial valid/);
  });
  test('a median of those that survived says so', () => {
    const { footnotes } = viewOf(resultOf([REST], [failingTrial('effect-log')])).caveats;
    const notes = footnotes.map(({ text }) => text).join(' ');
    expect(notes).toContain('Only of the 582 of 600 calls that were answered ok;');
    expect(notes).toContain('Only of the 590 of 600 calls that had their work done;');
  });
  test('a target is never killed, and that is stated', () => {
    const result = resultOf(
      [TARGET, QUEUE],
      [latencyTrial(1, 'rest', 1, { evidence: 'none', ledgers: [] }), outageTrial(2, 'queue')],
    );
    expect(viewOf(result).findings[0]).toMatch(
      /; not measured: REST target: an own target is never taken down\.$/,
    );
    expect(cell(result, 'service-outage', 'rest', 'coupling').text).toBe('not killed');
    const alone = resultOf([TARGET], [latencyTrial(1, 'rest', 1, { evidence: 'none', ledgers: [] })]);
    expect(viewOf(alone).tables.map((section) => section.id)).not.toContain('service-outage');
  });
  test('nothing finished, nothing found', () => {
    expect(viewOf(resultOf([REST], [], { state: 'interrupted' })).findings).toEqual([
      'No results: interrupted before the first trial finished.',
      'Run it again.',
    ]);
  });
});

describe('cells', () => {
  test('figures come from all rounds together, the spread from each', () => {
    const found = cell(completeResult(), 'latency', 'rest', 'response-p50');
    expect(found).toMatchObject({ unit: 'us', text: '0.81 ms', below: '0.79–0.83', marks: [] });
  });
  test('a spread of a lower percentile is named', () => {
    expect(cell(completeResult(), 'latency', 'rest', 'response-p99').below).toMatch(/^p95 /);
  });
  test('one round has no spread', () => {
    const result = resultOf([REST], [latencyTrial(1, 'rest', 1)]);
    expect(cell(result, 'latency', 'rest', 'response-p50').below).toBe('spread unknown');
    expect(codes(result)).toContain('spread-unknown');
  });
  test('a percentile with too few samples says what it needs', () => {
    const result = resultOf([REST], [latencyTrial(1, 'rest', 1)]);
    expect(cell(result, 'latency', 'rest', 'response-p99')).toMatchObject({
      text: 'needs 2,000 calls',
      value: null,
    });
  });
  test("a queue's wait is marked: it ends with the broker's confirm", () => {
    const result = completeResult();
    const { marks } = cell(result, 'latency', 'queue', 'response-p50');
    expect(marks).toHaveLength(1);
    expect(viewOf(result).caveats.footnotes.find((note) => note.mark === marks[0])!.text).toContain(
      "broker's confirm",
    );
    expect(cell(result, 'latency', 'rest', 'response-p50').marks).toEqual([]);
  });
  test('only the cells of quantiles at which all rounds together are late are marked', () => {
    const result = completeResult();
    result.trials = result.trials.map((t) =>
      t.pattern === 'rest' && t.kind === 'latency' ? { ...t, phases: lateIn(t.phases, 0.02) } : t,
    );
    // One late round of five, whose few late calls reach no p99 of all.
    const once = completeResult();
    once.trials = once.trials.map((t) =>
      t.pattern === 'rest' && t.kind === 'latency' && t.round === 1
        ? { ...t, validity: { ...t.validity, boundQuantiles: [0.99] }, phases: lateIn(t.phases, 0.02) }
        : t,
    );
    expect(cell(once, 'latency', 'rest', 'response-p99').marks).toEqual([]);
    expect(cell(result, 'latency', 'rest', 'response-p99').marks).toHaveLength(1);
    expect(cell(result, 'latency', 'rest', 'completion-p99').marks).toHaveLength(1);
    expect(cell(result, 'latency', 'rest', 'response-p50').marks).toEqual([]);
  });
  test('the ledgers of latency and outage trials stay apart, and add up within', () => {
    const ledger = viewOf(completeResult()).tables.find((s) => s.id === 'ledger')!;
    expect(
      ledger.rows.map((row) => [row.pattern, row.part, row.cells[1]!.value, row.cells[2]!.value]),
    ).toEqual([
      ['rest', 'no fault', 3000, 0],
      ['rest', 'service killed', 1600, 800],
      ['queue', 'no fault', 3000, 0],
      ['queue', 'service killed', 2400, 0],
    ]);
  });
  test('dead letters have a column where there are any, and are accepted calls', () => {
    expect(sectionOf(completeResult(), 'ledger').columns.map((c) => c.id)).not.toContain('dead-lettered');
    const accepted = { done0: 0, done1: 590, doneMore: 0, deadLettered: 10 };
    const trials = [
      latencyTrial(1, 'rest', 1, { evidence: 'none', ledgers: [] }),
      latencyTrial(2, 'queue', 1, { ledgers: [ledgerOf(600, { accepted })] }),
    ];
    const result = resultOf([REST, QUEUE], trials);
    const { columns, rows } = sectionOf(result, 'ledger');
    for (const row of rows) expect(row.cells).toHaveLength(columns.length);
    expect(cell(result, 'ledger', 'queue', 'dead-lettered').value).toBe(10);
    expect(cell(result, 'ledger', 'queue', 'accepted').value).toBe(600);
  });
  test('percentiles of sample coverage are marked with how many these are; those of all calls are not', () => {
    const result = resultOf([REST], [failingTrial('effect-log'), latencyTrial(2, 'rest', 2)]);
    const notesOf = (column: string) => {
      const { marks } = cell(result, 'latency', 'rest', column);
      return viewOf(result).caveats.footnotes.flatMap((n) => (marks.includes(n.mark) ? [n.text] : []));
    };
    expect(notesOf('response-p50')).toEqual([
      'Only of the 1,182 of 1,200 calls that were answered ok; the others are not in this figure.',
    ]);
    expect(notesOf('completion-p50')).toEqual([
      'Only of the 1,190 of 1,200 calls that had their work done; the others are not in this figure.',
    ]);
    expect(cell(completeResult(), 'latency', 'rest', 'response-p50').marks).toEqual([]);
  });
  test('goodput counts what failed, per second of intended time', () => {
    const result = resultOf([REST], [failingTrial('effect-log'), latencyTrial(2, 'rest', 2)]);
    expect(cell(result, 'latency', 'rest', 'goodput')).toMatchObject({
      text: '197/s',
      value: 197,
      unit: 'per-s',
      below: '98.5 %',
    });
    expect(cell(result, 'latency', 'rest', 'done-goodput').below).toBe('99.2 %');
    expect(cell(completeResult(), 'latency', 'queue', 'goodput')).toMatchObject({
      text: '200/s',
      below: null,
    });
  });
  test('how calls failed in the outage, and how long that took, stands below', () => {
    expect(viewOf(completeResult()).caveats.footnotes.map((note) => note.text)).toContainEqual(
      expect.stringMatching(
        /^REST, while its service was down: refused ×800, after 0\.\d\d ms at the median\.$/,
      ),
    );
  });
  test("of a target's calls only the acceptance is in the ledger", () => {
    const result = resultOf([TARGET], [failingTrial('none')]);
    const of = (column: string) => cell(result, 'ledger', 'rest', column).text;
    expect(['accepted', 'refused', 'unknown', 'done', 'lost'].map(of)).toEqual(['582', '0', '18', '–', '–']);
  });
  test("a target of one's own has no completion, and says so", () => {
    const result = resultOf([REST], [latencyTrial(1, 'rest', 1, { evidence: 'none', ledgers: [] })]);
    expect(cell(result, 'latency', 'rest', 'completion-p50').text).toBe('–');
    expect(
      viewOf(result)
        .caveats.footnotes.map((note) => note.text)
        .join(),
    ).toContain('keeps no effect log');
  });
  test('CPU per request is weighted by calls; a pattern without a broker has none', () => {
    const light = trialOf({
      id: 1,
      pattern: 'rest',
      phases: [phaseOf(600, { leastMs: 1, tailMs: 1 }, { leastMs: 1, tailMs: 1 }, 1)],
    });
    const heavy = { ...light, id: 2, round: 2, planned: 200, cost: { ...light.cost, callerUs: 391 } };
    const result = resultOf([REST], [{ ...light, planned: 600 }, heavy]);
    expect(cell(result, 'cost', 'rest', 'cpu-caller')).toMatchObject({ value: 241, below: '191–391' });
    expect(cell(result, 'cost', 'rest', 'cpu-broker').text).toBe('–');
  });
  test('the closed loop is the median of the rounds, as seen by the weaker side; no share of it is told', () => {
    const result = resultOf(
      [REST],
      [
        latencyTrial(1, 'rest', 1, { capacity: { acknowledgedPerS: 1000, donePerS: 500 } }),
        latencyTrial(2, 'rest', 2, { capacity: { acknowledgedPerS: 900, donePerS: null } }),
      ],
    );
    expect(cell(result, 'cost', 'rest', 'closed-loop')).toMatchObject({ text: '500/s', below: null });
    const { columns } = sectionOf(result, 'cost');
    expect(columns.map(({ title }) => title)).toContain('Closed loop, 16 open');
    expect(columns.map(({ id }) => id)).not.toContain('utilisation');
    expect(codes(result)).not.toContain('near-sustained-rate');
  });
  test('the utilisation is of the highest sustained rate that a calibration found', () => {
    const found = (sustainedPerS: number, isSustainedAtLeast = false) => {
      const result = resultOf([REST], [latencyTrial(1, 'rest', 1)]);
      const rest = { at: '2026-11-21', noopP50Us: 300, sustainedPerS, isSustainedAtLeast };
      return { ...result, design: { ...result.design, calibration: { rest } } };
    };
    expect(cell(found(500), 'cost', 'rest', 'utilisation')).toMatchObject({ value: 0.4, below: '500/s' });
    expect(codes(found(500))).toContain('near-sustained-rate');
    expect(codes(found(5000))).not.toContain('near-sustained-rate');
    // How far away a lower bound is nobody knows.
    expect(sectionOf(found(500, true), 'cost').columns.map(({ id }) => id)).not.toContain('utilisation');
  });
});

describe('warnings', () => {
  test('calls that failed without a fault', () => {
    const of = (pattern: typeof REST, evidence: Trial['evidence']) =>
      viewOf(resultOf([pattern], [failingTrial(evidence)])).caveats.warnings.find(
        (w) => w.code === 'calls-failed',
      )!;
    expect(of(REST, 'effect-log').text).toBe(
      'REST: 18 of 600 calls failed without a fault: error 500 ×16, timeout ×2.',
    );
    expect(of(REST, 'effect-log').hint).toContain('--rate');
    expect(of(TARGET, 'none').hint).toContain("the target's own log");
  });
  test('a good run has only the one about unlike waits', () => {
    expect(codes(completeResult())).toEqual(['reply-path']);
  });
  test.each<[string, Partial<Trial>]>([
    ['generator-bound', invalid('generator-bound', [0.5])],
    ['disturbed', invalid('disturbed')],
    ['not-steady', { warmUp: { calls: 3000, steadyStateCalls: 0, isSteady: false, windowP50Ns: [1, 2] } }],
    ['saturated', { load: { verdict: 'saturated', detail: 'a backlog of 900' } }],
    ['lost', { ledgers: [ledgerOf(600, { lost: 1 })] }],
    ['duplicates', { ledgers: [ledgerOf(600, { duplicates: 1 })] }],
    [
      'dead-letters',
      {
        ledgers: [ledgerOf(600, { accepted: { done0: 0, done1: 598, doneMore: 0, deadLettered: 2 } })],
      },
    ],
  ])('%s', (code, more) => {
    const result = resultOf([REST], [latencyTrial(1, 'rest', 1, more), latencyTrial(2, 'rest', 2)]);
    expect(codes(result)).toEqual([code]);
  });
  test('twice is within at-least-once and beyond at-most-once', () => {
    const twice = (pattern: 'rest' | 'queue') => {
      const record = pattern === 'rest' ? REST : QUEUE;
      const trial = latencyTrial(1, pattern, 1, { ledgers: [ledgerOf(600, { duplicates: 2 })] });
      return viewOf(resultOf([record], [trial])).caveats.warnings.find((w) => w.code === 'duplicates')!.text;
    };
    expect(twice('rest')).toContain('beyond at-most-once');
    expect(twice('queue')).toContain('within at-least-once');
  });
  test('a failed trial is told with its last output, a missing pattern with its hint', () => {
    const failed = trialOf({
      id: 1,
      pattern: 'rest',
      state: 'failed',
      failure: 'the service ended early: boom',
    });
    const notRun = {
      ...QUEUE,
      state: 'not-run' as const,
      reason: 'no RabbitMQ',
      hint: 'apt install rabbitmq-server',
    };
    const { warnings } = viewOf(resultOf([REST, notRun], [failed], { state: 'incomplete' })).caveats;
    expect(warnings.map((w) => w.code)).toEqual(['trial-failed', 'not-run']);
    expect(warnings[0]!.text).toContain('the service ended early: boom');
    expect(warnings[1]!.hint).toBe('apt install rabbitmq-server');
  });
  test('a fault that hit nothing', () => {
    const unseen = outageTrial(1, 'rest', { faults: [], coupling: null });
    expect(codes(resultOf([REST], [unseen]))).toContain('fault-missed');
  });
  test('an interrupted run says how far it came', () => {
    const result = { ...completeResult(), state: 'interrupted' as const };
    result.trials = result.trials.slice(0, 3);
    expect(viewOf(result).caveats.warnings[0]!.text).toBe('The run ended early: 3 of 14 trials are here.');
  });
});

describe('streams', () => {
  const shape = { leastMs: 5, tailMs: 1 };
  const streaming = (id: number, round: number) =>
    latencyTrial(id, 'rest', round, {
      phases: [
        phaseOf(600, shape, shape, id * 10, {
          firstItem: seriesOf(600, { leastMs: 1, tailMs: 0.2 }, id),
          itemJitter: seriesOf(5400, { leastMs: 2, tailMs: 0.1 }, id, 0, 5e5),
        }),
      ],
    });
  test('have a section of their own: the first item, and the gaps between items', () => {
    const result = resultOf([REST, QUEUE], [streaming(1, 1), streaming(2, 2), latencyTrial(3, 'queue', 1)]);
    const section = sectionOf(result, 'streams');
    expect(section.rows.map((row) => row.pattern)).toEqual(['rest']);
    expect(cell(result, 'streams', 'rest', 'first-p50').value).toBeLessThan(1500);
    // More gaps than calls are no sample coverage.
    expect(cell(result, 'streams', 'rest', 'jitter-p50').marks).toEqual([]);
    expect(viewOf(completeResult()).tables.map((s) => s.id)).not.toContain('streams');
  });
  test('have a table of their own; a pattern with arrivals of its own says so', () => {
    const result = resultOf([REST, QUEUE], [streaming(1, 1), streaming(2, 2)]);
    const [own, ...others] = result.scenario.patterns;
    const load = { shape: 'constant', ratePerS: 5 } as const;
    const mix = [{ operation: 'streamUserEvents', share: 1 }];
    result.scenario = {
      ...result.scenario,
      serviceOutage: null,
      patterns: [{ ...own!, load, mix }, ...others],
    };
    const {
      findings,
      meta: { fairness, rules, howToRead },
    } = viewOf(result);
    expect(findings).toEqual([]);
    expect(cell(result, 'streams', 'rest', 'first-p50').text).toMatch(/^1\.\d+ ms$/);
    const facts = (title: string) => fairness.find((row) => row.title === title)!.facts;
    expect(facts('REST')).toContainEqual([
      'arrivals',
      'its own, different from the other patterns: constant 5/s, streamUserEvents',
    ]);
    expect(facts('Every pattern')[0]![1]).toContain('except patterns with their own');
    expect(facts('Message queue').map(([name]) => name)).not.toContain('arrivals');
    expect(sectionOf(result, 'latency').title).toContain('constant 200/s (REST: constant 5/s)');
    expect(rules.join()).toContain('jitter');
    expect(howToRead.join()).toContain('Jitter');
  });
});

test('a broker need not bear the name of a folder', () => {
  const row = { ...QUEUE, broker: 'rabbit-of-ours' };
  const result = resultOf([row], [latencyTrial(1, 'queue', 1)], { brokers: [] });
  expect(cell(result, 'cost', 'queue', 'cpu-broker').value).toBe(310);
  const old = resultOf([QUEUE], [latencyTrial(1, 'queue', 1)]);
  expect(cell(old, 'cost', 'queue', 'cpu-broker').value).toBe(310);
});

test('a name keeps its own first letter in a footnote', () => {
  const grpc = { ...REST, title: 'gRPC' };
  const texts = viewOf(resultOf([grpc], [outageTrial(1, 'rest')])).caveats.footnotes.map((note) => note.text);
  expect(texts.join()).toContain('gRPC, while its service was down');
});

test('a result from before there were five patterns is still shown', () => {
  const file = path.join(import.meta.dirname, '../../docs/evidence/rest-vs-queue.json');
  const view = viewOf(readResult(file), file);
  expect(view.findings[0]).toMatch(/^Completes soonest: REST \(0\.30 ms\), then /);
  expect(view.tables.map((s) => s.id)).toEqual([
    'service-outage',
    'latency',
    'distribution',
    'ledger',
    'cost',
    'traffic',
  ]);
});
