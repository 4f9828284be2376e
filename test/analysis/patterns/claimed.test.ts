import { describe, expect, test } from 'vitest';
import type { Result, Trial } from '../../../src/record/record.ts';
import { sentencesIn } from '../../../src/report/report.ts';
import { viewOf } from '../../../src/report/view-of.ts';
import type { Cell } from '../../../src/report/view.ts';
import { levelWord } from '../../../src/analysis/claims/words/latency.ts';
import {
  comparisonLatency,
  comparisonOf,
  comparisonResult,
  comparisonScenario,
  faultTrial,
} from '../../support/comparison.ts';
import { completeResult, latencyTrial, phaseOf, seriesOf } from '../../support/result.ts';

const FULL = comparisonResult();

function cell(result: Result, pattern: string, column: string): Cell {
  const section = viewOf(result).tables.find((s) => s.id === 'guides')!;
  const row = section.rows.find((r) => r.pattern === pattern)!;
  return row.cells[section.columns.findIndex((c) => c.id === column)]!;
}

function notesOf(result: Result, { marks }: Cell): string[] {
  return viewOf(result).caveats.footnotes.flatMap((note) => (marks.includes(note.mark) ? [note.text] : []));
}

function changed(change: (trial: Trial) => Partial<Trial>, result = FULL): Result {
  return { ...result, trials: result.trials.map((trial) => ({ ...trial, ...change(trial) })) };
}

function without(is: (trial: Trial) => boolean): Result {
  return { ...FULL, trials: FULL.trials.filter((trial) => !is(trial)) };
}

const incomplete: Partial<Trial> = {
  validity: {
    verdict: 'incomplete',
    causes: [{ cause: 'incomplete', detail: 'a record is torn' }],
    boundQuantiles: [],
  },
};
const disturbed: Partial<Trial> = {
  validity: {
    verdict: 'disturbed',
    causes: [{ cause: 'disturbed', detail: 'other programs' }],
    boundQuantiles: [],
  },
};

describe('the level of a ratio', () => {
  test.each([
    [0.5, 0.79, 'low'],
    [0.79, 0.8, undefined],
    [0.8, 1.5, 'medium'],
    [1.2, 1.51, undefined],
    [1.5, 2, undefined],
    [1.51, 9, 'high'],
    [0.7, 1.6, undefined],
  ])('%d to %d: %s', (low, high, word) => {
    expect(levelWord({ low, high })).toBe(word);
  });
});

describe('latency', () => {
  const latency = (result: Result, pattern: string) => cell(result, pattern, 'latency');
  test('said against found, with the interval that decided', () => {
    expect(latency(FULL, 'rest')).toMatchObject({ text: 'medium: reference', below: null });
    expect(latency(FULL, 'grpc').text).toBe('low → medium or high: contradicted');
    expect(latency(FULL, 'grpc').below).toMatch(/^1\.\d\d× \[1\.\d\d–1\.\d\d\]$/);
    // 1.43×, which in another session may be more than 1.5×.
    expect(latency(FULL, 'graphql').text).toBe('medium: inconclusive');
    expect(latency(FULL, 'queue').text).toBe('high: supported');
  });
  test('a pattern without a reply path against one with says so', () => {
    expect(notesOf(FULL, latency(FULL, 'queue'))).toEqual([
      'Completion times are compared: REST has a reply path, this pattern has none.',
    ]);
    expect(latency(FULL, 'grpc').marks).toEqual([]);
  });
  test('one round has no interval', () => {
    const result = comparisonResult(1);
    const found = latency(result, 'grpc');
    expect(found).toMatchObject({ text: 'low: inconclusive', below: null, tone: 'weak' });
    expect(notesOf(result, found)).toEqual([
      'gRPC: inconclusive: needs at least 2 comparable rounds, has 1.',
    ]);
  });
  test('an interval across a boundary cannot tell', () => {
    // REST: 0.4 ms and more; GraphQL around 1.5 times that.
    const shape = { leastMs: 0.63, tailMs: 0.35 };
    const result = changed((t) =>
      t.kind === 'latency' && t.pattern === 'graphql'
        ? { phases: [phaseOf(600, shape, shape, t.id * 10)] }
        : {},
    );
    const found = latency(result, 'graphql');
    expect(found.text).toBe('medium: inconclusive');
    expect(notesOf(result, found)[0]).toMatch(/reaches across 1\.5×\.$/);
  });
  test('an interval across a boundary disagrees where what is said lies wholly outside', () => {
    const shape = { leastMs: 0.63, tailMs: 0.35 };
    const result = changed((t) =>
      t.kind === 'latency' && t.pattern === 'grpc' ? { phases: [phaseOf(600, shape, shape, t.id * 10)] } : {},
    );
    expect(latency(result, 'grpc').text).toBe('low → medium or high: contradicted');
  });
  test.each<[string, Partial<Trial>, string]>([
    [
      'an incomplete one',
      { validity: { verdict: 'incomplete', causes: [], boundQuantiles: [] } },
      'it is incomplete',
    ],
    [
      'a marked median',
      { validity: { verdict: 'valid', causes: [], boundQuantiles: [0.5] } },
      'its median is marked',
    ],
    [
      'one whose arrivals were not all sent',
      {
        phases: [
          phaseOf(600, { leastMs: 1, tailMs: 1 }, { leastMs: 1, tailMs: 1 }, 1, {
            outcomes: { ok: 599, unsent: 1 },
          }),
        ],
      },
      'some arrivals were not sent',
    ],
  ])('%s does not count, on either side', (_name, more, why) => {
    const spoilt = (pattern: string, rounds: number[]) =>
      changed((t) => (t.pattern === pattern && rounds.includes(t.round) ? more : {}));
    const one = viewOf(spoilt('rest', [2])).meta.explanations[0]!.rows.find((row) => row.title === 'gRPC')!;
    expect(one.figures).toContain(`excluded: round 2: REST: ${why}`);
    expect(one.figures.join()).toContain('4 rounds: ratio');
    const most = spoilt('grpc', [1, 2, 3, 4]);
    expect(latency(most, 'grpc').text).toBe('low: inconclusive');
    expect(notesOf(most, latency(most, 'grpc'))[0]).toContain(`(round 1: gRPC: ${why})`);
  });
  test('a saturated pattern is not slow: its latencies are of a backlog', () => {
    const load = { verdict: 'saturated' as const, detail: '900 undone' };
    const result = changed((t) => (t.pattern === 'queue' ? { load } : {}));
    expect(latency(result, 'queue').text).toBe('high: inconclusive');
    expect(notesOf(result, latency(result, 'queue')).join()).toContain(
      '(round 1: Message queue: it is saturated)',
    );
  });
  test('without its reference nothing is compared', () => {
    const result = { ...FULL, scenario: comparisonScenario({ reference: null }) };
    expect(notesOf(result, latency(result, 'rest'))[0]).toContain('the reference pattern is missing');
  });
});

describe('variable', () => {
  const events = (result: Result) => cell(result, 'events', 'latency');
  const busyTimes = (times: number) =>
    changed((t) =>
      t.kind === 'idle-busy' && t.pattern === 'events'
        ? {
            phases: t.phases.map((phase) =>
              phase.name.startsWith('busy')
                ? { ...phase, completion: seriesOf(400, { leastMs: 4.5 * times, tailMs: 0.2 }, phase.fromNs) }
                : { ...phase, completion: seriesOf(30, { leastMs: 4.5, tailMs: 0.2 }, phase.fromNs + 1) },
            ),
          }
        : {},
    );
  test('is said beside the level, and agrees with what is said', () => {
    expect(events(FULL).text).toBe('variable → high, variable: supported');
  });
  test('steady is not variable', () => {
    expect(events(busyTimes(1.3)).text).toBe('variable → high, steady: contradicted');
  });
  test('sooner when busy is variable, too', () => {
    expect(events(busyTimes(0.4)).text).toBe('variable → high, variable: supported');
  });
  test('steady at less than the share that was asked for cannot tell', () => {
    const far = { acknowledgedPerS: 20_000, donePerS: 20_000 };
    const slow = changed(() => ({ capacity: far }), busyTimes(1.3));
    expect(events(slow).text).toBe('variable → high: inconclusive');
    expect(notesOf(slow, events(slow)).join()).toContain('not tried at 0.8×');
  });
  test('without a trial of it, or with one that does not count, it cannot be told', () => {
    for (const [result, why] of [
      [without((t) => t.kind === 'idle-busy'), 'no trial of idle and busy'],
      [changed((t) => (t.kind === 'idle-busy' ? incomplete : {})), 'it is incomplete'],
    ] as const) {
      expect(events(result).text).toBe('variable → high: inconclusive');
      expect(notesOf(result, events(result)).join()).toContain(why);
    }
  });
  const late = (boundQuantiles: number[], ...details: string[]): Partial<Trial> => ({
    validity: {
      verdict: 'generator-bound',
      causes: details.map((detail) => ({ cause: 'generator-bound' as const, detail })),
      boundQuantiles,
    },
  });
  test('medians are compared: a generator that was too late at its p90 alone does not spoil them', () => {
    const idle = (more: Partial<Trial>) => changed((t) => (t.kind === 'idle-busy' ? more : {}));
    expect(events(idle(late([0.9, 0.99], 'lag p90'))).text).toBe('variable → high, variable: supported');
    const result = idle(late([0.5, 0.9], 'lag p50', 'lag p90'));
    expect(events(result).text).toBe('variable → high: inconclusive');
    expect(notesOf(result, events(result)).join()).toContain('its median is marked');
    const alsoDisturbed = late([0.9], 'lag p90').validity!;
    const both = [...alsoDisturbed.causes, { cause: 'disturbed' as const, detail: 'other programs' }];
    expect(events(idle({ validity: { ...alsoDisturbed, causes: both } })).text).toBe(
      'variable → high, variable: supported',
    );
  });
  test("a block whose own median is the generator's does not count, however few its calls are", () => {
    const slow = changed((t) => ({
      phases: t.phases.map((phase) =>
        t.kind === 'idle-busy' && phase.name.startsWith('idle')
          ? { ...phase, dispatchLag: phase.response }
          : phase,
      ),
    }));
    expect(events(slow).text).toBe('variable → high: inconclusive');
    expect(notesOf(slow, events(slow)).join()).toContain('idle block 1: its median is marked');
  });
  test('busy blocks that could not be kept up with say nothing: their latency is a backlog', () => {
    const load = { verdict: 'saturated' as const, detail: '900 undone' };
    const result = changed((t) => (t.kind === 'idle-busy' ? { load } : {}));
    expect(events(result).text).toBe('variable → high: inconclusive');
    expect(notesOf(result, events(result)).join()).toContain('idle block 1: it is saturated');
  });
  test('a level that agrees is not spoilt by being variable besides', () => {
    const scenario = comparisonScenario();
    const said = scenario.patterns.map((p) =>
      p.id === 'events' ? { ...p, claimed: { ...p.claimed!, latency: 'high' as const } } : p,
    );
    expect(events({ ...FULL, scenario: { ...scenario, patterns: said } }).text).toBe(
      'high → high, variable: supported',
    );
  });
});

describe('complexity', () => {
  test('points decide; lines of the adapter are told, not counted', () => {
    expect(cell(FULL, 'rest', 'complexity')).toMatchObject({ text: 'low: our count', below: '2 points' });
    expect(cell(FULL, 'queue', 'complexity').text).toBe('medium → high: our count');
    const row = viewOf(FULL).meta.explanations[1]!.rows[0]!;
    expect(row.figures).toEqual([
      '1 point, 1 state: connection closed under way',
      '1 point, 1 artefact: routes',
      'our adapter with all libraries that it can use, not counted: 412 lines',
    ]);
  });
  test('a result from before it was counted cannot tell', () => {
    const old = { ...FULL, patterns: FULL.patterns.map((p) => ({ ...p, complexity: null })) };
    expect(cell(old, 'rest', 'complexity').text).toBe('low: inconclusive');
  });
});

describe('coupling', () => {
  test('of the service, and of the middle', () => {
    expect(cell(FULL, 'grpc', 'coupling')).toMatchObject({ text: 'tight: as built', tone: 'plain' });
    expect(cell(FULL, 'queue', 'coupling').text).toBe('loose: as built');
    expect(cell(FULL, 'rest', 'broker-outage').text).toBe('no broker');
    expect(cell(FULL, 'queue', 'broker-outage')).toMatchObject({
      text: 'tight',
      below: '0.0 % accepted, 0.0 % done',
    });
  });
  test('the broker is taken away from patterns that have one: the others are not in that table', () => {
    const broker = viewOf(FULL).tables.find((section) => section.id === 'broker-outage')!;
    expect(broker.rows.map((row) => row.pattern)).toEqual(['queue', 'events']);
  });
  test('partial is neither of the words that are said', () => {
    const partial = { intended: 800, served: 800, finallyDone: 700, verdict: 'partial' as const };
    const result = changed((t) =>
      t.kind === 'service-outage' && t.pattern === 'queue' ? { coupling: partial } : {},
    );
    expect(cell(result, 'queue', 'coupling')).toMatchObject({
      text: 'loose → partial: contradicted',
      below: '100 % accepted, 87.5 % done',
    });
  });
  test.each<[string, Partial<Trial>, string]>([
    ['an incomplete trial', incomplete, 'its trial is incomplete'],
    ['a fault that was not seen', { faults: [], coupling: null }, 'the fault was not observed'],
    ['no call in the outage', { coupling: null }, 'no call was due while it was down'],
  ])('%s cannot tell', (_name, more, why) => {
    const result = changed((t) => (t.kind === 'service-outage' && t.pattern === 'rest' ? more : {}));
    const found = cell(result, 'rest', 'coupling');
    expect(found.text).toBe('tight: inconclusive');
    expect(notesOf(result, found)).toEqual([`REST: inconclusive: ${why}.`]);
  });
  test('calls are counted that the generator began late, as long as none was too late or unsent', () => {
    const late: Partial<Trial> = {
      validity: {
        verdict: 'generator-bound',
        causes: [{ cause: 'generator-bound', detail: 'dispatch lag p90 is 3 ms' }],
        boundQuantiles: [0.9],
      },
    };
    const ofRest = (more: (trial: Trial) => Partial<Trial>) =>
      changed((t) => (t.kind === 'service-outage' && t.pattern === 'rest' ? { ...late, ...more(t) } : {}));
    const coupled = (result: Result) => cell(result, 'rest', 'coupling').text;
    expect(coupled(ofRest(() => ({})))).toBe('tight: as built');
    const tooLate = seriesOf(100, { leastMs: 200, tailMs: 1 }, 1);
    expect(
      coupled(ofRest(({ phases }) => ({ phases: phases.map((p) => ({ ...p, dispatchLag: tooLate })) }))),
    ).toBe('tight: inconclusive');
    expect(
      coupled(ofRest(({ phases }) => ({ phases: phases.map((p) => ({ ...p, outcomes: { unsent: 1 } })) }))),
    ).toBe('tight: inconclusive');
  });
  test('a broker that is not ours is never taken away, and that is said with its hint', () => {
    const reason = 'not ours: RabbitMQ was given by its URL, and is never killed or frozen';
    const result = changed((t) =>
      t.kind === 'broker-outage' && t.pattern === 'queue' ? { state: 'skipped', failure: reason } : {},
    );
    expect(cell(result, 'queue', 'broker-outage').text).toBe('not run: not ours');
    const warning = viewOf(result).caveats.warnings.find((w) => w.code === 'not-ours')!;
    expect(warning.text).toContain(reason);
    expect(warning.hint).toContain('--broker');
    expect(viewOf(result).caveats.warnings.map((w) => w.code)).not.toContain('trial-failed');
  });
});

describe('costs', () => {
  test('CPU is of all who work for a request, bytes of all ways', () => {
    expect(cell(FULL, 'rest', 'cpu').value).toBe(191 + 88);
    expect(cell(FULL, 'queue', 'cpu').value).toBe(140 + 120 + 310);
    expect(cell(FULL, 'rest', 'bytes').value).toBe(312 + 288);
    expect(cell(FULL, 'queue', 'bytes').value).toBe(420 + 60 + 40 + 390);
  });
  test('bytes are of a counting trial in which every call did: one that is too late counts, a broken one does not', () => {
    const counting = (more: Partial<Trial>) => changed((t) => (t.kind === 'wire-bytes' ? more : {}));
    expect(cell(counting(disturbed), 'rest', 'bytes').value).toBe(312 + 288);
    const { validity } = disturbed as Pick<Trial, 'validity'>;
    const causes = [{ cause: 'incomplete' as const, detail: '3 unexplained completions' }];
    const broken = counting({ validity: { ...validity, verdict: 'incomplete', causes } });
    expect(cell(broken, 'rest', 'bytes').text).toBe('unknown');
    expect(
      viewOf(broken)
        .caveats.warnings.map(({ text }) => text)
        .join(),
    ).toContain('REST: incomplete in the counting trial: 3 unexplained completions');
    const failing = changed((t) => ({
      phases: t.phases.map((phase) =>
        t.kind === 'wire-bytes' ? { ...phase, outcomes: { ...phase.outcomes, ok: 399, timeout: 1 } } : phase,
      ),
    }));
    expect(cell(failing, 'queue', 'bytes').text).toBe('unknown');
  });
  test('one unknown part makes the sum unknown', () => {
    const result = changed((t) => ({ cost: { ...t.cost, brokerUs: null } }));
    expect(cell(result, 'queue', 'cpu').text).toBe('unknown');
    expect(cell(result, 'rest', 'cpu').value).toBe(191 + 88);
  });
});

test('a promise is told whole: at-least-once is not one thing', () => {
  expect(cell(FULL, 'queue', 'guarantee').text).not.toBe(cell(FULL, 'events', 'guarantee').text);
  expect(notesOf(FULL, cell(FULL, 'events', 'guarantee'))).toEqual([
    'These patterns have different guarantees: no order between them is claimed without a note.',
  ]);
});

test('what several subscribers cost together says so', () => {
  for (const column of ['cpu', 'bytes']) {
    expect(notesOf(FULL, cell(FULL, 'events', column))).toContain('Of all 2 subscribers together.');
    expect(notesOf(FULL, cell(FULL, 'queue', column))).not.toContain('Of all 2 subscribers together.');
  }
});

test('how many of its trials have a caveat stands beside the worst of them', () => {
  const result = changed((t) => {
    if (t.pattern !== 'rest' || t.kind !== 'latency' || t.round > 3) return {};
    const { validity } = disturbed as Pick<Trial, 'validity'>;
    return t.round === 1 ? { validity: { ...validity, verdict: 'incomplete' } } : disturbed;
  });
  const all = FULL.trials.filter(
    (t) => t.pattern === 'rest' && t.kind !== 'wire-bytes' && t.kind !== 'no-op',
  ).length;
  expect(cell(result, 'rest', 'validity-load')).toMatchObject({
    text: 'incomplete',
    below: `1 of ${all} trials, 2 more not valid; sustained`,
  });
});

describe('which pattern to take', () => {
  test('who needs the answer, who must go on, and how often the guides were right', () => {
    const [answer, guides, away, price] = viewOf(FULL).findings;
    expect(answer).toMatch(
      /^If the caller needs a response: REST \(p50 0\.\d\d ms; gRPC 1\.\d\d×, GraphQL 1\.\d\d×\)\.$/,
    );
    expect(away).toMatch(
      /^Tolerates consumer downtime: Message queue \(all done, 95 % within \d\.\d\d s\), Event-driven \(all [^)]*\)\.$/,
    );
    expect(price).toMatch(
      /^Its price: Message queue 2\.\d\d×, Event-driven 7\.\d\d× the completion time of REST; a broker to run\.$/,
    );
    expect(guides).toBe(
      'Guides: 2 of 4 measured ratings supported; contradicted: gRPC latency (low → medium or high); inconclusive: GraphQL latency; 5 as built (coupling).',
    );
  });
  test('no order is claimed that the rounds do not carry', () => {
    expect(viewOf(comparisonResult(2)).findings[0]).toMatch(
      /^If the caller needs a response: REST, gRPC or GraphQL \(.*, too few rounds\)\.$/,
    );
    const same = changed((t) =>
      t.kind === 'latency' && (t.pattern === 'rest' || t.pattern === 'grpc')
        ? { phases: comparisonLatency(t.id, 'rest', t.round).phases }
        : {},
    );
    expect(viewOf(same).findings[0]).toMatch(/difference not significant; GraphQL 1\.\d\d×/);
  });
  test('nor a price that they do not carry, nor one of doubtful rounds', () => {
    const price = (result: Result) => viewOf(result).findings[3];
    expect(price(comparisonResult(2))).toBe(
      'Its price: completion time against REST not established; a broker to run.',
    );
    const bad = changed((t) => (t.kind === 'latency' && t.pattern === 'queue' ? incomplete : {}));
    expect(price(bad)).toMatch(
      /^Its price: Event-driven 7\.\d\d× the completion time of REST \(Message queue: not established\); a broker to run\.$/,
    );
    const one = changed((t) =>
      t.kind === 'latency' && t.pattern === 'rest' && t.round === 2 ? disturbed : {},
    );
    expect(sentencesIn(viewOf(one)).at(-1)).toMatch(
      /; 1 on a noisy host \(ratios within a round count, absolute figures are rough\)\.$/,
    );
  });
  test('where no trial counts, the reason stands first', () => {
    const bad = changed((t) => (t.kind === 'latency' ? incomplete : {}));
    expect(viewOf(bad).findings[0]).toBe(
      'If the caller needs a response: no recommendation: 0 of 3 measured (REST, gRPC, GraphQL: trial incomplete).',
    );
    const one = changed((t) => (t.kind === 'latency' && t.pattern === 'rest' ? incomplete : {}));
    expect(viewOf(one).findings[0]).toMatch(
      /^If the caller needs a response: no recommendation: 2 of 3 measured \(REST: trial incomplete\)\.$/,
    );
  });
  test('a criterion that could not be evaluated is named beside the trials that are valid for all others', () => {
    const killed = changed((t) =>
      t.kind === 'service-outage' ? { machine: { ...t.machine, others: null } } : {},
    );
    expect(sentencesIn(viewOf(killed)).at(-1)).toMatch(
      /^37 of 37 trials valid \(other programs not checked in 5\)\.$/,
    );
    const outage = viewOf(killed).tables.find(({ id }) => id === 'service-outage')!;
    const at = outage.columns.findIndex(({ title }) => title === 'Validity');
    expect(notesOf(killed, outage.rows[0]!.cells[at]!)[0]).toMatch(/^The use of the cores by other programs/);
  });
  test('a no-op baseline above its pattern is an error of measurement, and says so', () => {
    const slow = { leastMs: 50, tailMs: 1 };
    const above = changed(
      (t) => (t.kind === 'no-op' && t.pattern === 'rest' ? { phases: [phaseOf(400, slow, slow, 1)] } : {}),
      completeResult(),
    );
    const [of] = viewOf(above).tables.flatMap(({ columns, rows }) =>
      columns.flatMap(({ id }, i) => (id === 'noop-p50' ? rows : []).map(({ cells }) => cells[i]!)),
    );
    expect(notesOf(above, of!)).toEqual([expect.stringMatching(/an error of measurement/)]);
  });
  test('noise that all patterns met in their rounds leaves the order to its interval', () => {
    const noisy = changed((t) => (t.kind === 'latency' ? disturbed : {}));
    expect(viewOf(noisy).findings[0]).toBe(viewOf(comparisonResult()).findings[0]);
    const words = (result: Result) => cell(result, 'grpc', 'latency').text;
    expect(words(noisy)).toBe(words(comparisonResult()));
  });
  test('a saturated pattern is never the one to take, however soon its few answers come', () => {
    const saturated = { verdict: 'saturated' as const, detail: '12 % correct' };
    const result = changed((t) => (t.kind === 'latency' && t.pattern === 'rest' ? { load: saturated } : {}));
    expect(viewOf(result).findings[0]).toMatch(/response: gRPC \(.*; REST saturated|REST saturated\)\.$/);
  });
  test('where none is loose it says so, and why others are left out', () => {
    const result = comparisonOf([
      ...FULL.trials.filter((t) => t.kind === 'latency'),
      faultTrial(90, 'rest', 'service-outage'),
      faultTrial(91, 'queue', 'service-outage', incomplete),
    ]);
    expect(viewOf(result).findings[2]).toMatch(
      /^Tolerates consumer downtime: none of the measured patterns; not measured: .*Message queue: trial not valid/,
    );
  });
  test('words that cannot be assessed are counted apart', () => {
    const [, guides] = viewOf(without((t) => t.kind === 'idle-busy')).findings;
    expect(guides).toContain('inconclusive: GraphQL latency, Event-driven latency');
  });
});

test('a scenario of which the guides say nothing has no such table', () => {
  const scenario = comparisonScenario();
  const silent = { ...scenario, patterns: scenario.patterns.map((p) => ({ ...p, claimed: null })) };
  const view = viewOf({ ...FULL, scenario: silent });
  expect(view.tables.map((s) => s.id)).not.toContain('guides');
  expect(view.meta.explanations).toEqual([]);
  expect(view.findings[0]).toMatch(
    /^Completes soonest: REST \(.*, then gRPC .*, then GraphQL .*, then Message queue .*, then Event-driven .*; their guarantees differ\.$/,
  );
});

test('first and last subscriber have columns of their own, where there are several', () => {
  const latency = viewOf(FULL).tables.find((s) => s.id === 'latency')!;
  const at = latency.columns.findIndex((c) => c.id === 'first-done-p50');
  const of = (pattern: string) => latency.rows.find((row) => row.pattern === pattern)!.cells;
  expect(of('rest')[at]!.text).toBe('–');
  const last = of('events')[latency.columns.findIndex((c) => c.id === 'completion-p50')]!;
  expect(of('events')[at]!.value).toBeLessThan(last.value!);
  expect(latencyTrial(1, 'rest', 1).phases[0]!.firstCompletion).toBeNull();
});
