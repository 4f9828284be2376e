import { describe, expect, test } from 'vitest';
import { hopsSchema } from '../../../src/measure/hops/hop-figures.ts';
import { dependence } from '../../../src/analysis/faults/dependence.ts';
import { leafOf } from '../../../src/analysis/faults/edge-totals.ts';
import { factorOf } from '../../../src/analysis/faults/load-factor.ts';
import {
  disturbancesOf,
  phasesBeside,
  phasesByName,
  timelineStageOf,
} from '../../../src/analysis/faults/stages.ts';
import type { FaultRecord, Result, Trial } from '../../../src/record/record.ts';
import { faultText } from '../../../src/report/faults/fault-text.ts';
import { drawChart } from '../../../src/report/charts/draw.ts';
import { viewOf } from '../../../src/report/view-of.ts';
import type { Cell, Section } from '../../../src/report/view.ts';
import { scenarioSchema } from '../../../src/scenario/schema/schema.ts';
import { casesResult, KILL, shopResult, shopTrial, TELLINGS } from '../../support/faults.ts';
import { completeResult, ledgerOf } from '../../support/result.ts';

const { storm, breaker, fallback, queue, twice } = TELLINGS;
const SHOP = shopResult();
const VIEW = viewOf(SHOP);

function cell(result: Result, section: string, part: string, column: string): Cell {
  const found = viewOf(result).tables.find(({ id }) => id === section)!;
  const row = found.rows.find((one) => one.part === part)!;
  return row.cells[found.columns.findIndex(({ id }) => id === column)]!;
}

function codes(result: Result): string[] {
  return viewOf(result).caveats.warnings.map(({ code }) => code);
}

/** One variant, with what differs in its fault trial. */
function oneResult(telling: (typeof TELLINGS)[keyof typeof TELLINGS], more: Partial<Trial>): Result {
  return shopResult([telling], [shopTrial(1, telling, 'control'), shopTrial(2, telling, 'fault', more)]);
}

describe('findings', () => {
  const { findings } = VIEW;
  test('the headline is the success rate, with the share of degraded answers', () => {
    expect(findings[0]).toBe(
      'Success rate during fault (control 100 %): 0.0 % with Timeout + retry, Breaker; 100 % (100 % degraded) with Breaker + fallback; 100 % with Over RabbitMQ.',
    );
  });
  test('then when it was over: what was not seen to end is only known to last longer', () => {
    expect(findings[1]).toBe(
      'Recovery: not within 7.79 s with Timeout + retry; 0.8 s after the fault with Breaker.',
    );
  });
  test('work done twice is stated with its service', () => {
    const found = viewOf(shopResult([twice, breaker])).findings.join('\n');
    expect(found).toContain('Done more than once: 41 calls at payments with Retry.');
    expect(cell(shopResult([twice]), 'delivery', 'Retry, payments', 'duplicates').value).toBe(41);
  });
  test('what a fallback answered was accepted and never done: both are said', () => {
    const lost = ledgerOf(200, { subscriber: 1, lost: 808 });
    const result = oneResult(fallback, { ledgers: [ledgerOf(1008), lost] });
    expect(viewOf(result).findings.join('\n')).toContain(
      'Accepted and lost: 808 calls at payments with Breaker + fallback',
    );
    expect(cell(result, 'delivery', 'Breaker + fallback, payments', 'lost').marks).toHaveLength(1);
    const others = oneResult(breaker, { ledgers: [ledgerOf(1008), lost] });
    expect(cell(others, 'delivery', 'Breaker, payments', 'lost')).toMatchObject({ value: 808, marks: [] });
  });
  test('where hardly anything was lost the waits are what the fault did', () => {
    const { tables } = viewOf(shopResult([twice, fallback]));
    const waits = (columns: Section['columns']) =>
      columns.filter(({ id }) => id.startsWith('response-')).length;
    expect(waits(tables[0]!.columns)).toBe(1);
    expect(waits(VIEW.tables[0]!.columns)).toBe(0);
  });
  test('losses are those beyond the control', () => {
    // Both lose everything: the fault did nothing.
    const same = shopTrial(2, storm, 'fault');
    const result = shopResult([storm], [{ ...same, id: 1, kind: 'control', faults: [] }, same]);
    expect(viewOf(result).findings[0]).toContain('(control 0.0 %): 0.0 % with Timeout + retry.');
  });
  test('a doubtful measurement is named where its figure is used, of the control too', () => {
    const validity: Trial['validity'] = { verdict: 'disturbed', causes: [], boundQuantiles: [] };
    const first = (control: Partial<Trial>, fault: Partial<Trial>) => {
      const trials = [shopTrial(1, storm, 'control', control), shopTrial(2, storm, 'fault', fault)];
      return viewOf(shopResult([storm], trials)).findings[0];
    };
    const doubtful = '0.0 % (trial not valid) with Timeout + retry';
    expect(first({ validity }, { validity })).toContain(doubtful);
    expect(first({}, { validity })).toContain(doubtful);
    expect(first({ validity }, {})).toContain(doubtful);
    expect(first({}, {})).not.toContain('valid');
    const [both, one] = [{ validity }, {}];
    const trials = [storm, breaker].flatMap((telling, i) => [
      shopTrial(2 * i + 1, telling, 'control', i === 0 ? both : one),
      shopTrial(2 * i + 2, telling, 'fault', both),
    ]);
    expect(viewOf(shopResult([storm, breaker], trials)).findings[0]).toMatch(
      /0\.0 % \(trial not valid\) with Timeout \+ retry, Breaker\.$/,
    );
  });
  test('endpoints without a part in it are named where the fault reached them', () => {
    const { hops } = shopTrial(2, storm, 'fault');
    const endpoints = hops!.endpoints.map((endpoint) => ({
      ...endpoint,
      windows: endpoint.windows.map((one) => ({ ...one, healthy: 0 })),
    }));
    const trials = [
      shopTrial(1, storm, 'control'),
      shopTrial(2, storm, 'fault', { hops: { ...hops!, endpoints } }),
      shopTrial(3, breaker, 'control'),
      shopTrial(4, breaker, 'fault'),
    ];
    const told =
      'Collateral damage: 1 of 1 unrelated endpoint degraded with Timeout + retry; none with Breaker.';
    const result = shopResult([storm, breaker], trials);
    expect(viewOf(result).findings).toContain(told);
    expect(cell(result, 'endpoints', 'Timeout + retry', 'harmed')).toMatchObject({
      text: '1 of 1',
      tone: 'bad',
    });
    expect(cell(result, 'endpoints', 'Breaker', 'harmed')).toMatchObject({ text: '0 of 1', tone: 'good' });
    expect(findings.join()).not.toContain('Collateral damage');
  });
});

test('the factor of a load is found by its id, be there a number in it', () => {
  const { scenario } = shopResult();
  const fault = { do: 'load', atMs: 1000, forMs: 500 };
  const faults = [
    { ...fault, id: 'shed-1', factor: 0.5 },
    { ...fault, id: 'shed', factor: 3 },
    { ...fault, id: 'shed', factor: 3 },
  ];
  const factor = (id: string) =>
    factorOf({ ...KILL, do: 'load', id, plannedAtNs: 1e9 }, { ...scenario, faults });
  expect(['shed-1', 'shed', 'shed-2'].map(factor)).toEqual([0.5, 3, 3]);
});

test('shedding load frees who does not recover by itself', () => {
  const shed = { ...KILL, id: 'load', do: 'load', on: 'storefront', plannedAtNs: 12e9, plannedForNs: 1e9 };
  const load: FaultRecord = {
    ...shed,
    injectedNs: 12e9,
    observedNs: 12e9,
    liftedNs: 13e9,
    readyNs: 13e9,
  };
  const stuck = shopTrial(2, storm, 'fault');
  const { hops } = stuck;
  const freed = hops!.endpoints.map((endpoint) => ({
    ...endpoint,
    windows: endpoint.windows.map((one) => (one.fromNs >= 13e9 ? { ...one, healthy: one.planned } : one)),
  }));
  const trial = { ...stuck, faults: [KILL, load], hops: { ...hops!, endpoints: freed } };
  const result = shopResult([storm], [shopTrial(1, storm, 'control'), trial]);
  const told = (factor: number) => {
    const faults = [
      ...result.scenario.faults,
      { do: 'load', on: undefined, atMs: 12_000, forMs: 1000, factor },
    ];
    return viewOf({ ...result, scenario: { ...result.scenario, faults } });
  };
  expect(told(0.3).findings.join('\n')).toContain(
    'Recovery: 4.8 s after the fault (after load was shed) with Timeout + retry.',
  );
  expect(told(0.3).tables[0]!.rows[0]!.cells[2]).toMatchObject({ below: 'load shed', tone: 'bad' });
  // More load is no cure: it is one more harm, and the recovery is from its end.
  expect(told(3).findings.join('\n')).toContain('Recovery: < 0.5 s after the fault with');
});

test('a share says of how many calls it is: those due until the killed service was ready again', () => {
  const trial = shopTrial(2, storm, 'fault');
  const [baseline, kill, recovery] = trial.phases;
  const late = { ...kill!, planned: 650, toNs: 9.5e9 };
  const phases = [baseline!, late, { ...recovery!, fromNs: 9.5e9, planned: 650 }];
  const hops = {
    ...trial.hops!,
    endpoints: trial.hops!.endpoints.map((endpoint) => ({
      ...endpoint,
      phases: endpoint.phases.map((phase) => (phase.name === 'kill' ? { ...phase, planned: 650 } : phase)),
    })),
  };
  const result = shopResult([storm], [shopTrial(1, storm, 'control'), { ...trial, phases, hops }]);
  expect(cell(result, 'resilience', 'Timeout + retry', 'due').value).toBe(650);
  expect(cell(result, 'phases', 'Timeout + retry, kill', 'due').value).toBe(650);
});

describe('several cases', () => {
  const view = viewOf(casesResult());
  test('success rates, by line and case', () => {
    expect(view.findings).toEqual([
      'Success rate falls with Timeout + retry (Payments gone 0.0 %); Breaker (Payments gone 0.0 %); unharmed in all other cases.',
      'Breaker trips on a healthy service: 1× with Breaker (Payments gone).',
    ]);
    const doubled = viewOf(casesResult({ ledgers: [ledgerOf(9, { duplicates: 3 })] }));
    expect(doubled.findings.join('\n')).toContain(
      'Done more than once: 3 calls at storefront with Timeout + retry (Payments gone)',
    );
  });
  test('trials that are not valid are named', () => {
    const validity: Trial['validity'] = { verdict: 'disturbed', causes: [], boundQuantiles: [] };
    const found = viewOf(casesResult({ validity })).findings;
    expect(found[0]).toContain('Timeout + retry (Payments gone 0.0 %, trial not valid)');
  });
  test('all of them stand in the first table, a row per variant and a column per case', () => {
    const { head, columns, rows } = view.tables[0]!;
    expect([head, ...columns.map(({ title }) => title)]).toEqual([
      'Variant',
      'Payments gone',
      'RabbitMQ gone',
    ]);
    expect(rows.map(({ title, cells }) => [title, ...cells.map(({ text }) => text)])).toEqual([
      ['Timeout + retry', '100 %', '–'],
      ['Breaker', '100 %', '–'],
      ['Over RabbitMQ', 'none', 'none'],
    ]);
    expect(rows.map(({ cells }) => cells[0]!.below)).toEqual([
      'not recovered in 7.79 s',
      'recovered in 0.8 s',
      '100 % done, 4.84 s late at p90',
    ]);
  });
  test('the others go case by case, without rows of those who have no part in one', () => {
    const { head, columns, rows } = view.tables[1]!;
    expect(head).toBe('Case');
    expect(columns[0]).toMatchObject({ title: 'Variant', isLabel: true });
    expect(rows.map(({ title, cells }) => [title, cells[0]!.text])).toEqual([
      ['Payments gone', 'Timeout + retry'],
      ['Payments gone', 'Breaker'],
      ['Payments gone', 'Over RabbitMQ'],
      ['RabbitMQ gone', 'Over RabbitMQ'],
    ]);
  });
});

test('a trial that ends with its fault shows no recovery, and says so', () => {
  const toEnd = { ...KILL, readyNs: 14e9 };
  const result = oneResult(storm, { faults: [toEnd] });
  expect(viewOf(result).findings.join()).toContain('Recovery: not watched long enough with');
  expect(cell(result, 'resilience', 'Timeout + retry', 'recovered')).toMatchObject({
    text: 'not watched',
    tone: 'weak',
  });
});

test('a fault of each own broker is one of the broker', () => {
  const killed = (on: string) => ({ ...KILL, on });
  const trials = [
    shopTrial(1, storm, 'fault', { faults: [killed('rabbitmq')] }),
    shopTrial(2, queue, 'fault', { faults: [killed('kafka')] }),
  ];
  expect(viewOf(shopResult([storm, queue], trials)).screen.run).toContain(', broker killed for 5 s, ');
});

describe('sections', () => {
  test('what has nothing to say is not shown: no latencies without a trial of them', () => {
    expect(VIEW.tables.map(({ id }) => id)).toEqual([
      'resilience',
      'endpoints',
      'delivery',
      'phases',
      'cascade',
      'hops',
      'faults',
    ]);
    expect(viewOf(shopResult([storm])).tables.map(({ id }) => id)).not.toContain('delivery');
    expect(viewOf(completeResult()).tables.map(({ id }) => id)).not.toContain('resilience');
  });
  test('tries at the leaf: those started over those due', () => {
    const result = SHOP;
    const kill = result.trials[1]!.hops!.edges[0]!.phases.find(({ name }) => name === 'kill')!;
    expect(cell(result, 'resilience', 'Timeout + retry', 'leaf')).toMatchObject({
      value: kill.attempts / 500,
      below: 'payments',
      tone: 'bad',
    });
    expect(cell(result, 'hops', 'Timeout + retry, storefront-payments, kill', 'amplification').value).toBe(
      kill.attempts / 500,
    );
  });
  test('an unfinished recovery is longer than was watched; a finished one is a figure', () => {
    const result = SHOP;
    expect(cell(result, 'resilience', 'Timeout + retry', 'recovered')).toMatchObject({
      text: '> 7.79 s',
      value: null,
      below: 'not recovered',
    });
    expect(cell(result, 'resilience', 'Breaker', 'recovered').value).toBe(790_000);
  });
  test('a breaker that opens while nothing is wrong is counted, one that does in a fault is not', () => {
    expect(cell(SHOP, 'resilience', 'Breaker', 'false-opens').value).toBe(1);
    expect(cell(SHOP, 'resilience', 'Breaker + fallback', 'false-opens').value).toBe(0);
    expect(cell(SHOP, 'resilience', 'Timeout + retry', 'false-opens').text).toBe('–');
  });
  test('what the caller no longer knows is said where it waits for the confirm only', () => {
    const { marks } = cell(SHOP, 'delivery', 'Over RabbitMQ, payments', 'done');
    const texts = VIEW.caveats.footnotes.filter(({ mark }) => marks.includes(mark));
    expect(texts.map(({ text }) => text).join()).toContain('storefront learns only that the broker has');
    expect(cell(SHOP, 'delivery', 'Breaker, payments', 'done').marks).toEqual([]);
  });
  test('a trial that failed has no figures, and says so in its row', () => {
    const failed = shopTrial(2, storm, 'fault', { state: 'failed', failure: 'out of memory', hops: null });
    const result = shopResult([storm], [shopTrial(1, storm, 'control'), failed]);
    expect(cell(result, 'resilience', 'Timeout + retry', 'correct').text).toBe('failed');
    expect(codes(result)).toContain('trial-failed');
    const skipped = { ...failed, state: 'skipped' as const, failure: 'RabbitMQ is not ours' };
    const omitted = shopResult([storm], [shopTrial(1, storm, 'control'), skipped]);
    expect(cell(omitted, 'resilience', 'Timeout + retry', 'correct').text).toBe('not run');
    expect(viewOf(omitted).caveats.footnotes.map(({ text }) => text)).toContain('RabbitMQ is not ours');
  });
  test('the breakers are drawn behind the outcome, as wide as there is room', () => {
    const { charts } = VIEW;
    expect(charts.map(({ title, behind }) => [title, behind])).toEqual([
      ['Breaker: breakers', 'resilience'],
      ['Breaker + fallback: breakers', 'resilience'],
    ]);
    for (const width of [60, 120]) expect(drawChart(charts[0]!, width)[0]!.length).toBeLessThanOrEqual(width);
  });
});

describe('warnings', () => {
  test('one round has no spread, said once', () => {
    expect(codes(SHOP).filter((code) => code === 'spread-unknown')).toHaveLength(1);
  });
  test('a fault that hit nothing', () => {
    const missed = (fault: Partial<FaultRecord>) =>
      codes(oneResult(storm, { faults: [{ ...KILL, ...fault }] })).includes('fault-missed');
    expect(missed({})).toBe(false);
    expect(missed({ injectedNs: null })).toBe(true);
    expect(missed({ observedNs: null })).toBe(true);
    expect(missed({ do: 'error', planned: 50, injected: 0, observed: 0 })).toBe(true);
    expect(missed({ do: 'error', planned: 50, injected: 48, observed: 48 })).toBe(false);
    expect(missed({ do: 'refuse', planned: null, injected: null, observed: 0 })).toBe(true);
    expect(missed({ do: 'load', injectedNs: null, observedNs: null })).toBe(false);
    // Nobody was connected: those who tried were refused by the system, and only they can tell.
    expect(missed({ do: 'refuse', planned: null, injected: 0, observed: 9 })).toBe(false);
    expect(missed({ do: 'refuse', planned: null, injected: 0, observed: 0 })).toBe(true);
  });
  test('a fault that was not on as planned is told as it was observed', () => {
    const { plannedAtNs, plannedForNs } = KILL;
    const endNs = plannedAtNs + plannedForNs;
    const told = (more: Partial<FaultRecord>) =>
      faultText({ ...KILL, ...more }, oneResult(storm, {}).scenario);
    expect(told({ observedNs: plannedAtNs, liftedNs: endNs, readyNs: endNs + 9e9 })).toMatch(
      /killed for \d+ s$/,
    );
    expect(told({ observedNs: endNs + 2e9, liftedNs: endNs + 2.004e9 })).toMatch(/killed for 4 ms$/);
    expect(told({ observedNs: null, liftedNs: null })).toMatch(/killed \(never observed\)$/);
  });
  test('a fault so near to the end that no recovery could be seen', () => {
    const killed = (toNs: number) =>
      codes(oneResult(storm, { faults: [{ ...KILL, readyNs: toNs }] })).includes('recovery-unseen');
    const { windows } = shopTrial(2, storm, 'fault').hops!.endpoints[0]!;
    expect(killed(windows.at(-5)!.fromNs)).toBe(false);
    expect(killed(windows.at(-5)!.fromNs + 1)).toBe(true);
  });
  test('health by a percentile that too few calls tell, where nothing is declared', () => {
    const result = oneResult(storm, {});
    const codesBy = (objectiveMs: number | null) =>
      codes({ ...result, scenario: { ...result.scenario, objectiveMs } });
    expect(codesBy(null)).toContain('objective-rough');
    expect(codesBy(100)).not.toContain('objective-rough');
  });
  test('what was not run for one cause is told once', () => {
    const [control, fault] = [shopTrial(1, storm, 'control'), shopTrial(2, storm, 'fault')];
    const skip = (trial: Trial, id: number): Trial => ({
      ...trial,
      id,
      state: 'skipped',
      failure: 'no broker',
    });
    const result = shopResult([storm], [control, skip(fault, 2), skip({ ...fault, round: 2 }, 3)]);
    expect(codes(result).filter((code) => code === 'trial-skipped')).toHaveLength(1);
  });
  test('an endpoint of which too little arrived: nothing is said of its health', () => {
    const trial = shopTrial(2, storm, 'fault');
    const endpoints = trial.hops!.endpoints.map((one) => ({ ...one, windows: [] }));
    const result = shopResult(
      [storm],
      [shopTrial(1, storm, 'control'), { ...trial, hops: { ...trial.hops!, endpoints } }],
    );
    expect(codes(result)).toContain('health-unknown');
    expect(codes(oneResult(storm, {}))).not.toContain('health-unknown');
    expect(cell(result, 'resilience', 'Timeout + retry', 'recovered').text).toBe('too few calls');
  });
  test('no control, and a control that was not well itself', () => {
    const alone = shopResult([storm], [shopTrial(2, storm, 'fault')]);
    expect(codes(alone)).toContain('no-control');
    expect(cell(alone, 'resilience', 'Timeout + retry', 'correct').below).toBe('no control');
    expect(codes(SHOP)).not.toContain('control-unhealthy');
    const ill = { ...shopTrial(1, storm, 'fault'), kind: 'control' as const, faults: [] };
    expect(codes(shopResult([storm], [ill, shopTrial(2, storm, 'fault')]))).toContain('control-unhealthy');
  });
});

test('each rule is told with the figures that led to the verdict', () => {
  const {
    tables: sections,
    meta: { explanations },
  } = VIEW;
  expect(explanations.map(({ title }) => title)).toEqual(['Health', 'Recovery', 'Amplification']);
  const [health, recovery] = explanations;
  expect(health!.rows[0]).toMatchObject({ title: 'Timeout + retry', verdict: '26 of 32 windows unhealthy' });
  expect(recovery!.rows[1]!.figures).toEqual(['on at 3 s, lifted and ready at 8.21 s']);
  expect(sections.find(({ isExplained }) => isExplained)!.id).toBe('resilience');
});

describe('who depends on what is harmed', () => {
  const scenario = scenarioSchema.parse({
    name: 'fork',
    title: 'Two ways',
    patterns: [{ id: 'rest', title: 'REST', transport: 'rest', interaction: 'request-reply' }],
    noop: false,
    services: ['front', 'left', 'right', 'end'].map((id) => ({ id })),
    edges: [
      { from: 'front', to: 'left', operations: ['createUser'] },
      {
        from: 'front',
        to: 'right',
        operations: ['updateUser'],
        transport: 'rabbitmq',
        interaction: 'work-queue',
      },
      { from: 'left', to: 'end' },
    ],
  });
  const reached = (do_: string, on?: string) =>
    ['createUser', 'updateUser', 'getUser'].filter(
      dependence(scenario, { variant: null, faults: [{ do: do_, on, atMs: 0, forMs: 1 }] }),
    );
  test.each([
    ['kill', 'left', ['createUser']],
    ['kill', 'end', ['createUser']],
    ['kill', 'right', ['updateUser']],
    ['refuse', 'left-end', ['createUser']],
    ['kill', 'rabbitmq', ['updateUser']],
    ['kill', 'front', ['createUser', 'updateUser', 'getUser']],
    ['load', undefined, ['createUser', 'updateUser', 'getUser']],
  ] as const)('%s on %s', (what, on, operations) => {
    expect(reached(what, on)).toEqual(operations);
  });
});

test('the leaf is the last service that is waited for', () => {
  const { hops } = shopTrial(1, storm, 'control');
  const leaf = (edges: readonly (readonly [from: string, to: string, interaction: string])[]) =>
    leafOf(
      hopsSchema.parse({
        ...hops,
        services: ['a', 'b', 'c', 'd'].map((id) => ({ ...hops!.services[0]!, id })),
        edges: edges.map(([from, to, interaction]) => ({ ...hops!.edges[0]!, from, to, interaction })),
      }),
    );
  const [reply, queued] = ['request-reply', 'work-queue'];
  // Written in no order: the way is found all the same.
  expect(
    leaf([
      ['c', 'd', reply],
      ['b', 'c', reply],
      ['a', 'b', reply],
    ]),
  ).toBe('d');
  expect(
    leaf([
      ['a', 'b', reply],
      ['b', 'c', queued],
      ['c', 'd', reply],
    ]),
  ).toBe('b');
  expect(leaf([['a', 'b', queued]])).toBeUndefined();
});

describe('the timeline', () => {
  const fault = (atS: number, forS: number): FaultRecord => {
    return { ...KILL, plannedAtNs: atS * 1e9, plannedForNs: forS * 1e9 };
  };
  const trial = { ...shopTrial(2, storm, 'fault'), faults: [fault(8, 2), fault(3, 2), fault(4, 3)] };
  test('faults that overlap are one disturbance, a gap makes two', () => {
    expect(disturbancesOf(trial).map((group) => group.map(({ plannedAtNs }) => plannedAtNs / 1e9))).toEqual([
      [3, 4],
      [8],
    ]);
  });
  test('phases lie before, in, between and after faults, by their names', () => {
    const names = ['baseline', 'kill', 'kill-2+slow', 'between', 'between#2', 'kill#2', 'recovery'];
    const faults = [
      { ...KILL, id: 'kill' },
      { ...KILL, id: 'kill-2' },
    ];
    expect(names.map((name) => timelineStageOf({ faults }, { name }))).toEqual([
      'before',
      'during',
      'during',
      'between',
      'between',
      'during',
      'after',
    ]);
    // Others than those asked for: neither before nor after.
    expect(timelineStageOf({ faults }, { name: 'load' })).toBe('between');
    expect(timelineStageOf({ faults: [{ ...KILL, id: null }] }, { name: 'kill' })).toBe('during');
  });
  const pieces = [
    [0, 3],
    [3, 5],
    [5, 8],
    [8, 16],
  ].map(([from, to], i) => {
    return { ...trial.phases[0]!, name: `p${i}`, fromNs: from! * 1e9, toNs: to! * 1e9 };
  });
  const beside = (fromS: number, toS: number) =>
    phasesBeside({ phases: pieces }, { fromNs: fromS * 1e9, toNs: toS * 1e9 }).map(({ name }) => name);
  test('of a control that is cut more finely all pieces of a phase are taken, and no others', () => {
    expect(beside(3, 8)).toEqual(['p1', 'p2']);
  });
  test('a control is cut as planned: beside an end that came later are the pieces mostly within', () => {
    expect(beside(3, 9.2)).toEqual(['p1', 'p2']);
    expect(beside(9.2, 16)).toEqual(['p3']);
    expect(beside(8.5, 9)).toEqual(['p3']);
  });
  test('phases of all rounds are listed once each, where a slow restart added one to a single round too', () => {
    const named = (name: string, fromS: number) => ({ ...trial.phases[0]!, name, fromNs: fromS * 1e9 });
    const rounds = [
      { phases: [named('baseline', 0), named('kill', 3), named('recovery', 8)] },
      { phases: [named('baseline', 0), named('kill', 3), named('kill+slow', 7), named('recovery', 9)] },
    ];
    expect(phasesByName(rounds).map(({ name }) => name)).toEqual([
      'baseline',
      'kill',
      'kill+slow',
      'recovery',
    ]);
  });
});
