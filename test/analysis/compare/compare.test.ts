import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { draw } from '../../../src/kernel/random.ts';
import { assessPairs } from '../../../src/measure/stats/gate.ts';
import { compareResults, worstOf } from '../../../src/analysis/compare/compare.ts';
import {
  type Comparison,
  type DescribedFigure,
  type NamedResult,
  type TimeGate,
  type ComparisonVerdict,
  VERDICTS,
} from '../../../src/analysis/compare/comparison.ts';
import { medianOfTrial } from '../../../src/analysis/compare/pair.ts';
import type { Result, Trial } from '../../../src/record/record.ts';
import { excludedPairText, comparisonNoteText } from '../../../src/report/comparison/comparison-text.ts';
import { armOf, driftingMs, type Made, shapeOf } from '../../support/records/made-arm.ts';
import { ledgerOf, phaseOf, QUEUE, REST } from '../../support/result.ts';

const OPTIONS = { margin: 0.05, declared: [] };

function compare(baseline: NamedResult, candidate: NamedResult, declared: string[] = []): Comparison {
  return compareResults([baseline], [candidate], { ...OPTIONS, declared });
}

/** Two arms of one series, the candidate `times` as slow, each round a little off by the seed. */
function arms(
  times: number,
  { pairs = 16, seed = 1, scale = 1, a = {}, b = {} }: Arms = {},
): [NamedResult, NamedResult] {
  const rounds = driftingMs(pairs).map((ms) => ms * scale);
  const off = (purpose: string, i: number) => 1 + 0.04 * (draw(seed, purpose, i) - 0.5);
  return [
    armOf({ floorsMs: rounds.map((ms, i) => ms * off('a', i)), ...a }),
    armOf({ floorsMs: rounds.map((ms, i) => ms * times * off('b', i)), arm: 'b', ...b }),
  ];
}

interface Arms {
  readonly pairs?: number;
  readonly seed?: number;
  readonly scale?: number;
  readonly a?: Partial<Made>;
  readonly b?: Partial<Made>;
}

const only = ({ patterns }: Comparison) => patterns[0]!;
const gateOf = (comparison: Comparison) => only(comparison).gate as TimeGate;

describe('pairs', () => {
  test('are assessed by the ratio of their medians in the same round', () => {
    const [a, b] = arms(1.2);
    const found = compare(a, b);
    expect(found).toMatchObject({ verdict: 'regressed', how: 'paired', confounders: [] });
    const us = (side: NamedResult) =>
      side.result.trials.map((trial) => {
        const median = medianOfTrial(trial, 'response');
        return median.state === 'usable' ? median.us : NaN;
      });
    const logs = us(b).map((one, i) => Math.log(one / us(a)[i]!));
    expect(gateOf(found)).toMatchObject({ figure: 'response p50', ...assessPairs(logs, 0.05) });
  });

  test('whatever drifts is the same for both, and cancels out', () => {
    expect(compare(...arms(1)).verdict).toBe('equivalent');
    const [a, b] = arms(1);
    const apart = { ...b, result: { ...b.result, interleave: undefined } };
    expect(compare(a, apart)).toMatchObject({ verdict: 'inconclusive', how: 'unpaired' });
  });

  test('with the sides changed over the verdict is inverted; with all times longer it stays', () => {
    const inverted = { improved: 'regressed', regressed: 'improved' } as Record<string, string>;
    fc.assert(
      fc.property(
        fc.double({ min: 0.7, max: 1.4, noNaN: true }),
        fc.integer({ min: 1, max: 1e6 }),
        (times, seed) => {
          const [a, b] = arms(times, { pairs: 10, seed });
          const [one, other] = [compare(a, b), compare(b, a)];
          expect(other.verdict).toBe(inverted[one.verdict] ?? one.verdict);
          expect(gateOf(one).interval!.low * gateOf(other).interval!.high).toBeCloseTo(1, 9);
          const longer = compare(...arms(times, { pairs: 10, seed, scale: 30 }));
          expect(longer.verdict).toBe(one.verdict);
          expect(gateOf(longer).interval!.ratio).toBeCloseTo(gateOf(one).interval!.ratio, 2);
        },
      ),
      { numRuns: 10 },
    );
  });

  test('noise that both sides met widens the interval, and excludes nothing', () => {
    const noisy = (trial: Trial): Trial => ({
      ...trial,
      validity: { verdict: 'disturbed', causes: [], boundQuantiles: [0.9] },
      machine: { ...trial.machine, others: 0.3 + 0.2 * ((trial.round * 7) % 3) },
    });
    const [a, b] = arms(1.2, { a: { change: noisy }, b: { change: noisy } });
    const gate = gateOf(compare(a, b));
    expect(gate).toMatchObject({ used: { baseline: 16, candidate: 16 }, excluded: [], verdict: 'regressed' });
  });

  test('runs apart did not meet the same noise: only valid trials are compared', () => {
    const disturbed = (trial: Trial): Trial =>
      trial.round === 3
        ? { ...trial, validity: { verdict: 'disturbed', causes: [], boundQuantiles: [] } }
        : trial;
    const [a, b] = arms(1.2, { b: { change: disturbed } });
    const apart = { ...b, result: { ...b.result, interleave: undefined } };
    expect(gateOf(compare(a, apart)).excluded.map((one) => excludedPairText(one, 'unpaired'))).toEqual([
      'candidate, round 3: it is disturbed',
    ]);
  });

  test('a pair is excluded where other programs struck one side alone', () => {
    const struck = (trial: Trial): Trial =>
      trial.round === 4 ? { ...trial, machine: { ...trial.machine, others: 0.5 } } : trial;
    const [a, b] = arms(1.2, { b: { change: struck } });
    const { excluded } = gateOf(compare(a, b));
    expect(excluded.map((one) => excludedPairText(one, 'paired'))).toEqual([
      expect.stringMatching(
        /^round 4: other programs struck one side alone: they used .* of all cores beside the baseline, 50\.\d % beside the candidate$/,
      ),
    ]);
  });

  test('a pair whose noise is unknown on a side is not one-sided, nor do pairs without a value say what is usual', () => {
    const unknown = (trial: Trial): Trial => ({
      ...trial,
      machine: { ...trial.machine, others: trial.round === 4 ? null : 0.5 },
    });
    const noisy = (trial: Trial): Trial => ({ ...trial, machine: { ...trial.machine, others: 0.5 } });
    const [a, b] = arms(1.2, { a: { change: unknown }, b: { change: noisy } });
    expect(gateOf(compare(a, b)).excluded).toEqual([]);
    const few = (trial: Trial) => trial.round <= 2;
    const [most, less] = arms(1.2, { pairs: 6, a: { change: noisy } });
    less.result.trials = less.result.trials.filter(few);
    expect(gateOf(compare(most, less)).used.baseline).toBe(2);
  });

  test('rounds without a usable median are left out, with their partner and the reason', () => {
    const disturbed = (trial: Trial): Trial =>
      trial.round === 3
        ? { ...trial, validity: { verdict: 'generator-bound', causes: [], boundQuantiles: [0.5] } }
        : trial.round === 5
          ? { ...trial, state: 'failed', failure: 'it died', phases: [] }
          : trial;
    const [a, b] = arms(1.2, { b: { change: disturbed } });
    a.result.trials = a.result.trials.filter(({ round }) => round !== 7);
    const gate = gateOf(compare(a, b));
    expect(gate.used).toEqual({ baseline: 13, candidate: 13 });
    expect(gate.excluded.map((one) => excludedPairText(one, 'paired'))).toEqual([
      'round 3: candidate: its median is marked',
      'round 5: candidate: its trial failed',
      'round 7: baseline: its trial is missing',
    ]);
  });

  test('a pattern that cannot keep up any more is slower, and no reason to leave its rounds out', () => {
    const saturated = (trial: Trial): Trial => ({
      ...trial,
      load: { verdict: 'saturated', detail: 'it is' },
    });
    const found = compare(...arms(50, { b: { change: saturated } }));
    expect(found.verdict).toBe('regressed');
    expect(found.notes).toEqual([{ code: 'saturated', name: 'REST', side: 'candidate', rounds: 16 }]);
  });

  test('over a broker it is the work that counts, not the confirm', () => {
    const [a, b] = arms(1, { a: { pattern: QUEUE }, b: { pattern: QUEUE } });
    const later = (trial: Trial): Trial => {
      const [phase] = trial.phases;
      return {
        ...trial,
        phases: [{ ...phase!, completion: phaseOf(160, shapeOf(9), shapeOf(9), 1).completion }],
      };
    };
    expect(gateOf(compare(a, b))).toMatchObject({ figure: 'completion p50', verdict: 'equivalent' });
    b.result.trials = b.result.trials.map(later);
    expect(compare(a, b).verdict).toBe('regressed');
  });

  test('patterns are matched by id; one that only one side has is not passed over', () => {
    const [a, b] = arms(1);
    const [, queue] = arms(1, { b: { pattern: QUEUE } });
    b.result.patterns.push(...queue.result.patterns);
    b.result.trials.push(...queue.result.trials);
    const found = compare(a, b);
    expect(found.patterns.map(({ pattern, verdict }) => [pattern, verdict])).toEqual([
      ['rest', 'equivalent'],
      ['queue', 'inconclusive'],
    ]);
    expect(found.verdict).toBe('inconclusive');
    expect(found.notes.map(comparisonNoteText)).toContain('Message queue is in the candidate only.');
  });

  test('several series of pairs are one, each round with its own partner', () => {
    const [a, b] = arms(1.2, { pairs: 6 });
    const again = { interleave: { id: 'two' } };
    const [c, d] = arms(1.2, { pairs: 6, a: again, b: again });
    const found = compareResults([a, c], [d, b], OPTIONS);
    expect(found.how).toBe('paired');
    expect(gateOf(found).used).toEqual({ baseline: 12, candidate: 12 });
    expect(compareResults([a, c], [b], OPTIONS).how).toBe('unpaired');
  });

  test('a copy of a result is no second series, whose pairs would count twice', () => {
    const [a, b] = arms(1.2, { pairs: 6 });
    const copy = { file: 'copy.json', result: structuredClone(a.result) };
    expect(compareResults([a, copy], [b], OPTIONS).how).toBe('unpaired');
    expect(compareResults([b], [a, copy], OPTIONS).how).toBe('unpaired');
  });
});

describe('switchback', () => {
  const COUPLES = 6;
  const SETTLING = phaseOf(160, shapeOf(900), shapeOf(900), 1);
  /** Blocks of either side beside each other; what lies between them takes absurdly long. */
  function inBlocks(times: number, slow: (couple: number) => number): (trial: Trial) => Trial {
    return (trial) => ({
      ...trial,
      phases: Array.from({ length: COUPLES }, (_, i) => {
        const shape = shapeOf(2 * times * slow(i + trial.round));
        const fromNs = i * 1e9;
        return [
          { ...SETTLING, name: `switch-${i + 1}`, fromNs, toNs: fromNs + 5e8 },
          phaseOf(40, shape, shape, i + trial.round, { name: `block-${i + 1}`, fromNs: fromNs + 5e8 }),
        ];
      }).flat(),
    });
  }
  const wave = (i: number) => 1 + 0.5 * ((i * 7) % 3);
  const made = (times: number, { pairs = 6, seed = 1 }: Arms = {}) => {
    const off = (purpose: string) => (trial: Trial) => 1 + 0.005 * (draw(seed, purpose, trial.round) - 0.5);
    const side = (purpose: string, by: number) => (trial: Trial) =>
      inBlocks(by * off(purpose)(trial), wave)(trial);
    const mode = { interleave: { mode: 'switchback' as const } };
    return arms(1, {
      pairs,
      a: { ...mode, change: side('a', 1) },
      b: { ...mode, change: side('b', times) },
    });
  };

  test('blocks that lie beside each other are compared; what settles in between is not', () => {
    const found = compare(...made(1));
    expect(found).toMatchObject({ how: 'switchback', verdict: 'equivalent' });
    const slower = compare(...made(1.2));
    expect(slower.verdict).toBe('regressed');
    expect(gateOf(slower).interval!.ratio).toBeCloseTo(1.2, 1);
  });

  test('blocks are not independent: six pairs of six blocks are six values', () => {
    const [a, b] = made(1.2);
    const { interval, used } = gateOf(compare(a, b));
    expect(used).toEqual({ baseline: 6, candidate: 6 });
    const logs = a.result.trials.map((trial, i) => {
      const us = (one: Trial, n: number) => {
        const phases = [one.phases.find(({ name }) => name === `block-${n + 1}`)!];
        const median = medianOfTrial(
          { ...one, phases: [...phases, ...phases, ...phases, ...phases] },
          'response',
        );
        return median.state === 'usable' ? median.us : NaN;
      };
      const blocks = Array.from({ length: COUPLES }, (_, n) =>
        Math.log(us(b.result.trials[i]!, n) / us(trial, n)),
      );
      return blocks.reduce((sum, log) => sum + log, 0) / COUPLES;
    });
    expect(interval).toEqual(assessPairs(logs, 0.05).interval);
  });

  test('a pair without usable blocks is left out', () => {
    const [a, b] = made(1, { pairs: 7 });
    b.result.trials[2]!.phases = b.result.trials[2]!.phases.slice(0, 4);
    expect(gateOf(compare(a, b)).excluded).toEqual([
      { round: 3, file: null, side: null, why: { code: 'few-blocks', usable: 2, needed: 3 } },
    ]);
  });
});

test('runs apart tell their own noise only where each has one of the other side beside it', () => {
  const disturbed = (trial: Trial): Trial => ({
    ...trial,
    validity: { verdict: 'disturbed', causes: [], boundQuantiles: [] },
  });
  const runAt = (hour: number, isValid: boolean): NamedResult => {
    const ms = 2 * (1 + 0.01 * (hour % 3));
    const floorsMs = [ms, ms * 1.002, ms * 0.998];
    const { file, result } = armOf({ floorsMs, ...(isValid ? {} : { change: disturbed }) });
    const startedAt = new Date(Date.UTC(2026, 10, 2, hour)).toISOString();
    return { file, result: { ...result, interleave: undefined, startedAt } };
  };
  const halfWidth = (order: string) => {
    const side = (name: string) =>
      [...order].flatMap((of, hour) => (of.toUpperCase() === name ? [runAt(hour, of === name)] : []));
    const { low, high } = gateOf(compareResults(side('A'), side('B'), OPTIONS)).interval!;
    return Math.log(high / low) / 2;
  };
  expect(halfWidth('ABBAABABBA')).toBeLessThan(0.05);
  // Five runs on either side, 14 % apart; the normal quantile is below every t.
  const known = 1.96 * 0.14 * Math.sqrt(2 / 5);
  for (const order of ['AAAAABBBBB', 'AAAABBBBBA']) expect(halfWidth(order)).toBeGreaterThan(known);
  // Small letters: runs of which no round is valid. What is used of these lies apart.
  expect(halfWidth('AbAbAbAbAbaBaBaBaBaB')).toBeGreaterThan(known);
});

describe('invariants', () => {
  const withLedger = (more: Parameters<typeof ledgerOf>[1]) => (trial: Trial) =>
    trial.round === 2 ? { ...trial, ledgers: [ledgerOf(160, more)] } : trial;
  const failing = (count: number) => (trial: Trial) =>
    trial.round === 2
      ? {
          ...trial,
          phases: trial.phases.map((phase) => ({ ...phase, outcomes: { ok: 160 - count, timeout: count } })),
        }
      : trial;
  const broken = (comparison: Comparison) =>
    only(comparison)
      .invariants.filter(({ isBroken }) => isBroken)
      .map(({ name }) => name);

  test('one lost call is one too many, whatever the times', () => {
    const found = compare(...arms(0.5, { b: { change: withLedger({ lost: 1 }) } }));
    expect(gateOf(found).verdict).toBe('improved');
    expect(found.verdict).toBe('regressed');
    expect(broken(found)).toEqual(['lost']);
  });

  test('the baseline having lost some, only more than chance is a change', () => {
    const lossy = (lost: number) => ({ change: withLedger({ lost }) });
    const b = (lost: number) => broken(compare(...arms(1, { a: lossy(2), b: lossy(lost) })));
    expect([b(0), b(2), b(3), b(40)]).toEqual([[], [], [], ['lost']]);
  });

  test('done twice is within at-least-once, and beyond at-most-once', () => {
    const b = { change: withLedger({ duplicates: 3 }) };
    expect(broken(compare(...arms(1, { b })))).toEqual(['duplicates']);
    const queue = { pattern: QUEUE };
    expect(broken(compare(...arms(1, { a: queue, b: { ...b, ...queue } })))).toEqual([]);
  });

  test('lost is within at-most-once only where the confirm comes before the work', () => {
    const mayLose = { ...QUEUE, guarantee: { ...QUEUE.guarantee, delivery: 'at-most-once' as const } };
    const b = { change: withLedger({ lost: 1 }) };
    const lost = (pattern: typeof QUEUE) =>
      broken(compare(...arms(1, { a: { pattern }, b: { ...b, pattern } })));
    expect([lost(mayLose), lost(QUEUE), lost(REST)]).toEqual([[], ['lost'], ['lost']]);
  });

  test('failures take more than chance: 7 of 2,560 against none, on a busy machine too', () => {
    // 2 to the power of minus the number of failures, about: p is 0.0077 for seven, 0.0155 for six.
    expect(broken(compare(...arms(1, { b: { change: failing(6) } })))).toEqual([]);
    const found = compare(...arms(1, { b: { change: failing(7) } }));
    expect(broken(found)).toEqual(['failures']);
    expect(found.verdict).toBe('regressed');
    const being = (verdict: 'disturbed' | 'incomplete') => (trial: Trial) => ({
      ...failing(60)(trial),
      ...(trial.round === 2 ? { validity: { verdict, causes: [], boundQuantiles: [] } } : {}),
    });
    expect(broken(compare(...arms(1, { b: { change: being('disturbed') } })))).toEqual(['failures']);
    expect(broken(compare(...arms(1, { b: { change: being('incomplete') } })))).toEqual([]);
  });
});

describe('what differs', () => {
  const changed = (side: NamedResult, change: (result: Result) => void): NamedResult => {
    const result = structuredClone(side.result);
    change(result);
    return { ...side, result };
  };
  const [a, same] = arms(1);
  const against = (change: (result: Result) => void, declared: string[] = []) =>
    compare(a, changed(same, change), declared);

  test.each<[string, string, (result: Result) => void]>([
    ['machine.cpu', 'machine', (r) => (r.environment['cpu'] = 'Another')],
    ['machine.cores', 'machine.cores', (r) => (r.environment['coresUsable'] = 8)],
    ['node', 'node', (r) => (r.environment['node'] = '24.6.0')],
    ['rate', 'rate', (r) => (r.scenario.load = { shape: 'constant', ratePerS: 300 })],
    ['durationMs', 'durationMs', (r) => (r.scenario.durationMs = 9000)],
    ['contract', 'contract', (r) => (r.scenario.contract = 'echo')],
    [
      'mix.createUser.operation',
      'mix',
      (r) => (r.scenario.mix = [{ operation: 'createUser', share: 1 }].slice(1)),
    ],
    ['guarantee of rest', 'guarantee', (r) => (r.patterns[0]!.guarantee.durableAgainst = 'everything')],
    ['interaction of rest', 'interaction of rest', (r) => (r.patterns[0]!.interaction = 'server-stream')],
  ])('%s stands in the way, unless it is declared as %s', (what, declared, change) => {
    const found = against(change);
    expect(found.verdict).toBe('not-comparable');
    expect(found.confounders.map((one) => one.what)).toContain(what);
    expect(found.confounders.every(({ isDeclared }) => !isDeclared)).toBe(true);
    const meant = against(change, [declared]);
    expect(meant.verdict).toBe('equivalent');
  });

  test.each<[string, (result: Result) => void]>([
    ['client of rest', (r) => (r.patterns[0]!.client = 'undici 9.0.0')],
    ['options.connections of rest', (r) => (r.scenario.patterns[0]!.options = { connections: 8 })],
    ['service.processingMs', (r) => (r.scenario.service.processingMs = 2.4)],
    ['target of rest', (r) => (r.patterns[0]!.target = 'http://127.0.0.1:8080/')],
    [
      'target.command of rest',
      (r) => (r.scenario.targets = { rest: { command: 'node server.js' } } as never),
    ],
    ['library.undici', (r) => (r.environment['library.undici'] = '9.0.0')],
  ])('%s is what a comparison is about: named, and allowed', (what, change) => {
    if (what.startsWith('library')) a.result.environment['library.undici'] = '8.12.4';
    const found = against(change);
    expect(found).toMatchObject({ verdict: 'equivalent', confounders: [] });
    expect(found.factors.map((one) => one.what)).toEqual([what]);
    delete a.result.environment['library.undici'];
  });

  test('seeds, rounds and the time of day may differ', () => {
    const found = against((r) => {
      r.seed = 7;
      r.scenario.rounds = 30;
      r.startedAt = '2026-11-03T10:00:00.000Z';
    });
    expect(found).toMatchObject({ factors: [], confounders: [] });
  });

  test('the guarantee of one pattern blocks that pattern, and names it', () => {
    const queue = { pattern: QUEUE };
    const more = arms(1, { a: queue, b: queue });
    const both = [a, same].map((side, i) =>
      changed(side, (r) => {
        r.patterns.push(structuredClone(more[i]!.result.patterns[0]!));
        r.scenario.patterns.push(more[i]!.result.scenario.patterns[0]!);
        r.trials.push(...more[i]!.result.trials);
      }),
    );
    both[1]!.result.patterns[1]!.guarantee.label = 'at-most-once';
    const found = compare(both[0]!, both[1]!);
    expect(found.patterns.map(({ verdict }) => verdict)).toEqual(['equivalent', 'not-comparable']);
    expect(found.verdict).toBe('not-comparable');
  });

  test('brokers of other versions block their pattern, and are named', () => {
    const [one, other] = arms(1, { a: { pattern: QUEUE }, b: { pattern: QUEUE } });
    const newer = changed(other, (r) => (r.brokers[0]!.version = '4.3.6'));
    const found = compare(one, newer);
    expect(found.verdict).toBe('not-comparable');
    expect(found.confounders).toEqual([
      {
        what: 'broker of queue',
        baseline: ['rabbitmq 3.10.8'],
        candidate: ['rabbitmq 4.3.6'],
        isDeclared: false,
      },
    ]);
    expect(found.candidate.brokers).toEqual([{ name: 'rabbitmq', version: '4.3.6' }]);
    expect(compare(one, newer, ['broker']).verdict).not.toBe('not-comparable');
  });

  test('a broker behind an edge alone counts for every pattern, where both sides have it', () => {
    const behind = (version: string) => (r: Result) =>
      (r.brokers = [{ name: 'rabbitmq', source: 'package-cache', version, url: 'amqp://x', warmed: null }]);
    const [old, newer] = [changed(a, behind('3.10.8')), changed(same, behind('4.3.6'))];
    expect(compare(old, newer)).toMatchObject({
      verdict: 'not-comparable',
      confounders: [{ what: 'broker.rabbitmq', candidate: ['rabbitmq 4.3.6'] }],
    });
    expect(compare(a, newer).confounders).toEqual([]);
  });

  test('what the arms of one `ab` were to differ in is meant between them, and against no other result', () => {
    const declaring = (side: NamedResult, id: string) =>
      changed(side, (r) => (r.interleave = { ...r.interleave!, id, declared: ['node'] }));
    const other = changed(same, (r) => (r.environment['node'] = '24.6.0'));
    const verdict = (id: string) => compare(declaring(a, 'one'), declaring(other, id)).verdict;
    expect([verdict('one'), verdict('two')]).toEqual(['equivalent', 'not-comparable']);
  });

  test('a pattern that either side has not run is told so, and the broker that it lacked is no difference', () => {
    const queue = { pattern: QUEUE };
    const [one, other] = arms(1, { a: queue, b: queue });
    const without = changed(one, (r) => {
      r.patterns = [{ ...QUEUE, state: 'not-run', reason: 'no RabbitMQ' }];
      r.brokers = [];
      r.trials = [];
    });
    for (const [found, side] of [
      [compare(without, other), 'baseline'],
      [compare(other, without), 'candidate'],
    ] as const) {
      expect(found).toMatchObject({ verdict: 'inconclusive', confounders: [] });
      expect(found.notes.map(comparisonNoteText)).toContain(
        `Message queue was not run in the ${side}: no RabbitMQ.`,
      );
    }
  });

  test('of a switchback the rate counts, not where its blocks lie', () => {
    const blocks = (silentMs: number) => (r: Result) =>
      (r.scenario.load = { shape: 'blocks', ratePerS: 200, blocks: [{ silentMs, forMs: 100 }] });
    expect(compare(changed(a, blocks(0)), changed(same, blocks(100))).confounders).toEqual([]);
  });
});

describe('the whole', () => {
  test('is the worst of its patterns', () => {
    const order: readonly ComparisonVerdict[] = [
      'not-comparable',
      'regressed',
      'inconclusive',
      'improved',
      'equivalent',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...VERDICTS), { minLength: 1 }), (verdicts) => {
        const worst = Math.min(...verdicts.map((verdict) => order.indexOf(verdict)));
        expect(worstOf(verdicts)).toBe(order[worst]);
      }),
    );
    expect(worstOf([])).toBe('inconclusive');
  });

  test('nothing to compare, or no margin, is an error of the user', () => {
    const [a, b] = arms(1, { pairs: 1 });
    expect(() => compareResults([], [b], OPTIONS)).toThrow('Each side needs at least one result');
    expect(() => compareResults([a], [b], { ...OPTIONS, margin: 0 })).toThrow('Expected a margin above 0 %');
  });

  test('figures are told only where there are enough calls, and are never assessed', () => {
    const found = only(compare(...arms(1.2))).described;
    const of = (figure: DescribedFigure) => found.find((one) => one.figure === figure);
    expect(of('response-p50')!.candidate! / of('response-p50')!.baseline!).toBeCloseTo(1.2, 1);
    expect(of('answered-ok')).toMatchObject({ baseline: 1, candidate: 1, unit: 'share' });
    expect(of('cpu-service')).toMatchObject({ baseline: 88, unit: 'us' });
    expect(of('cpu-broker')).toBeUndefined();
  });

  test('bytes are of one call, and a closed loop is the median of the rounds, as in every report', () => {
    const [a, b] = arms(1);
    const latency = a.result.trials.map((trial, i) => {
      return { ...trial, capacity: { acknowledgedPerS: 1000 + 100 * i, donePerS: null } };
    });
    const wire = {
      calls: 400,
      callerSent: 312,
      callerReceived: 288,
      serviceSent: null,
      serviceReceived: null,
    };
    const trials = [...latency, { ...latency[0]!, kind: 'wire-bytes', wire }];
    const found = only(compare({ ...a, result: { ...a.result, trials } }, b)).described;
    const of = (figure: DescribedFigure) => found.find((one) => one.figure === figure);
    expect(of('bytes-per-call')).toMatchObject({ baseline: 600, candidate: null });
    expect(of('closed-loop')).toMatchObject({ baseline: 1700 });
  });
});
