import { expect, test } from 'vitest';
import { busyRateOf } from '../../src/plan/busy-rate.ts';
import { estimateSeconds } from '../../src/plan/estimate.ts';
import { orderTrials } from '../../src/plan/trial-order.ts';
import { resolvePatterns } from '../../src/plan/resolve-patterns.ts';
import { plainSpec, specOf } from '../../src/plan/trial-plan.ts';
import type { Entry, ResolvedPattern } from '../../src/plan/spec.ts';
import type { Trial } from '../../src/record/record.ts';
import { loadScenario } from '../../src/scenario/load/load.ts';
import { loadCatalogue } from '../../src/transports/discover.ts';
import { type Scenario, scenarioSchema } from '../../src/scenario/schema/schema.ts';

const rowOf = (id: string, broker?: string): ResolvedPattern =>
  ({
    id,
    own: {},
    interaction: 'request-reply',
    target: undefined,
    definition: { broker: broker && { name: broker } },
  }) as unknown as ResolvedPattern;
const patterns = [rowOf('a'), rowOf('b', 'x'), rowOf('c', 'y')];

const scenario = scenarioSchema.parse({
  name: 'test',
  title: 'Test',
  patterns: patterns.map(({ id }) => ({ id, title: id, transport: 'rest', interaction: 'request-reply' })),
  rounds: 20,
  serviceOutage: {},
});
const planned = (at: typeof scenario, seed = 7) =>
  orderTrials(at, patterns, seed).map((e) =>
    specOf(e, {
      scenario: at,
      seed,
      pattern: patterns.find((pattern) => pattern.id === e.pattern)!,
      busy: BUSY,
    }),
  );
const BUSY = { perS: 800, note: 'busy: 800/s' };

test('floors first, then each round whole, the outages last', () => {
  const order = orderTrials(scenario, patterns, 7);
  expect(order.map((e) => e.id)).toEqual(order.map((_, i) => i + 1));
  const rounds = Map.groupBy(order, (e) => e.round);
  expect([...rounds.keys()]).toEqual(Array.from({ length: 22 }, (_, i) => i));
  for (const entries of rounds.values())
    expect(entries.map((e) => e.pattern).toSorted()).toEqual(['a', 'b', 'c']);
  expect(new Set(rounds.get(0)!.map((e) => e.kind))).toEqual(new Set(['no-op']));
  expect(new Set(rounds.get(21)!.map((e) => e.kind))).toEqual(new Set(['service-outage']));
});

test('the order in a round is drawn from the seed: the same again, and not always the same', () => {
  const orderOf = (seed: number) =>
    orderTrials(scenario, patterns, seed)
      .map((e) => e.pattern)
      .join('');
  expect(orderOf(7)).toBe(orderOf(7));
  expect(orderOf(7)).not.toBe(orderOf(8));
  const latency = orderTrials(scenario, patterns, 7).filter((e) => e.kind === 'latency');
  const orders = Map.groupBy(latency, (e) => e.round)
    .values()
    .map((r) => r.map((e) => e.pattern).join(''));
  expect(new Set(orders).size).toBeGreaterThan(2);
});

test('every pattern of a round gets the same arrivals, every round others', () => {
  const specs = planned(scenario).filter((spec) => spec.kind === 'latency');
  for (const group of Map.groupBy(specs, (s) => s.round).values())
    expect(new Set(group.map((s) => s.seed)).size).toBe(1);
  expect(new Set(specs.map((s) => s.seed)).size).toBe(20);
});

const all = scenarioSchema.parse({ ...scenario, rounds: 2, brokerOutage: {}, idleBusy: {}, wireBytes: {} });

test('what runs once per pattern comes after the rounds; what takes a broker away, last of all', () => {
  const order = orderTrials(all, patterns, 7);
  const kinds = [...new Set(order.map((e) => e.kind))];
  expect(kinds).toEqual(['no-op', 'latency', 'wire-bytes', 'idle-busy', 'service-outage', 'broker-outage']);
  expect(
    order
      .slice(-2)
      .map((e) => [e.kind, e.pattern])
      .toSorted(),
  ).toEqual([
    ['broker-outage', 'b'],
    ['broker-outage', 'c'],
  ]);
  for (const kind of ['wire-bytes', 'idle-busy', 'service-outage'])
    expect(order.filter((e) => e.kind === kind)).toHaveLength(patterns.length);
});

test('variants multiply the latency trials and nothing else, each with what it names', () => {
  const mix = [{ operation: 'getUser' }];
  const variants = [
    { id: 'u', title: 'U', load: { shape: 'constant', ratePerS: 20 }, service: { processingMs: 5 } },
    { id: 'v', title: 'V', contract: 'echo', mix },
  ];
  const at = scenarioSchema.parse({ ...all, service: { concurrency: 3 }, variants });
  const specs = planned(at);
  for (const kind of ['no-op', 'wire-bytes', 'idle-busy', 'service-outage', 'broker-outage'])
    for (const spec of specs.filter((s) => s.kind === kind)) expect(spec.variant).toBeNull();
  const latency = specs.filter((spec) => spec.kind === 'latency');
  expect(latency).toHaveLength(2 * 3 * 2);
  for (const round of [1, 2]) {
    const cells = latency.filter((s) => s.round === round).map((s) => `${s.system.pattern.id}${s.variant}`);
    expect(cells.toSorted()).toEqual(['au', 'av', 'bu', 'bv', 'cu', 'cv']);
  }
  expect(latency.find((s) => s.variant === 'u')).toMatchObject({
    system: { contract: 'users', service: { concurrency: 3, processingMs: 5 } },
    load: { shape: { ratePerS: 20 } },
    warmUp: { steadyState: { window: 10 } },
  });
  expect(latency.find((s) => s.variant === 'v')).toMatchObject({
    system: { contract: 'echo', service: { concurrency: 3, processingMs: 0 } },
    load: { mix, shape: { ratePerS: 200 } },
  });
  const only = orderTrials(at, patterns, 7, ['v']).filter((e) => e.kind === 'latency');
  expect(new Set(only.map((e) => e.variant))).toEqual(new Set(['v']));
});

test('a pattern keeps to its own mix and load; subscribers beside a stream are looked at as streams', () => {
  const load = { shape: 'constant', ratePerS: 5 } as const;
  const mix = [{ operation: 'streamUserEvents', share: 1 }];
  const inScenario = [
    { id: 'a', title: 'A', transport: 'grpc', interaction: 'server-stream', mix, load },
    { id: 'b', title: 'B', transport: 'kafka', interaction: 'publish-subscribe' },
    { id: 'c', title: 'C', transport: 'rest', interaction: 'request-reply' },
  ];
  const at = scenarioSchema.parse({ name: 'streams', title: 'Streams', rounds: 1, patterns: inScenario });
  const own = at.patterns.map(({ id, interaction, mix: its, load: too }) => ({
    ...rowOf(id),
    interaction,
    own: { mix: its, load: too },
  }));
  const of = (kind: Entry['kind'], i: number) =>
    specOf(
      { id: 1, round: 1, pattern: own[i]!.id, variant: null, kind, case: null },
      { scenario: at, seed: 1, pattern: own[i]! },
    );
  expect(of('latency', 0)).toMatchObject({
    load: { mix, shape: load },
    measure: { streams: { from: 'items', everyNs: 10e6 } },
  });
  expect(of('latency', 0).notes).toEqual(['a call is a stream of 20 items, 10 ms apart']);
  expect(of('latency', 1)).toMatchObject({
    load: { shape: { ratePerS: 200 } },
    measure: { streams: { from: 'effects' } },
  });
  expect(of('latency', 2).measure).not.toHaveProperty('streams');
  expect(of('no-op', 0).measure).not.toHaveProperty('streams');
  expect(of('no-op', 0)).toMatchObject({
    system: { contract: 'null' },
    load: { mix: [{ operation: 'nothing' }], shape: load },
  });
  const alone = scenarioSchema.parse({ ...at, patterns: inScenario.slice(1) });
  const entry = { id: 1, round: 1, pattern: 'b', variant: null, kind: 'latency', case: null } as const;
  expect(specOf(entry, { scenario: alone, seed: 1, pattern: own[1]! }).measure).not.toHaveProperty('streams');
});

test('each kind has its own timeline', () => {
  const of = (kind: string) =>
    planned(all).find((spec) => spec.kind === kind && spec.system.pattern.id === 'b')!;
  expect(of('broker-outage')).toMatchObject({
    faults: [{ do: 'kill', on: 'broker', atMs: 3000, forMs: 4000 }],
    load: {
      durationMs: 12_000,
      phases: [{ name: 'baseline' }, { name: 'outage', fromMs: 3000, toMs: 7000 }, { name: 'recovery' }],
    },
  });
  expect(of('service-outage').faults).toMatchObject([{ do: 'kill', on: 'service', atMs: 3000, forMs: 4000 }]);
  const idle = of('idle-busy');
  expect(idle.load.phases.map((p) => p.name)).toEqual(
    [1, 2, 3, 4].flatMap((i) => [`idle-${i}`, `busy-${i}`]),
  );
  expect(idle.load.phases.at(-1)!.toMs).toBe(idle.load.durationMs);
  expect(idle.notes).toEqual([BUSY.note]);
  expect(idle.load.shape).toMatchObject({ shape: 'steps', steps: { length: 8 } });
  expect(of('wire-bytes')).toMatchObject({
    load: { durationMs: 2000 },
    measure: { countBytes: true },
    warmUp: { closedLoop: { calls: 500, forMs: 0 } },
  });
  expect(of('latency')).toMatchObject({
    measure: { countBytes: false },
    warmUp: { closedLoop: { calls: 3000, forMs: 1000 } },
  });
  // A colder service would take longer doing nothing than another one doing its work.
  expect(of('no-op').warmUp).toEqual(of('latency').warmUp);
});

test('a pattern is as busy as the median of its closed loops says, and no busier than the generator keeps', () => {
  const latency = (
    acknowledgedPerS: number | null,
    donePerS: number | null,
    pattern = 'a',
    kind = 'latency',
    variant: string | null = null,
  ) => ({ kind, state: 'done', pattern, variant, capacity: { acknowledgedPerS, donePerS } }) as Trial;
  const withWork = {
    variants: [{ id: 'work', title: 'Work', service: { processingMs: 20 } }],
    warmUp: { concurrency: 16 },
  } as Scenario;
  const trials = [
    // The first one is the coldest; a service that does nothing is another.
    latency(900, 400),
    latency(3000, 2000),
    latency(2500, null),
    latency(1, 1, 'b'),
    latency(9000, 9000, 'c'),
    latency(20_000, 20_000, 'a', 'no-op'),
    // So is one with work.
    latency(500, 500, 'a', 'latency', 'work'),
    latency(500, 500, 'a', 'latency', 'work'),
  ];
  const record = { trials, scenario: withWork };
  expect(busyRateOf(record, 'a', 0.8)).toEqual({
    perS: 1600,
    note: 'busy: 1600/s, 0.8× the 2000/s of its closed loop with 16 open',
  });
  expect(busyRateOf(record, 'c', 0.8)).toEqual({
    perS: 5000,
    note: 'busy: 5000/s, 0.56× the 9000/s of its closed loop with 16 open; not 0.8×, as the generator sustains no more',
  });
  expect(busyRateOf({ trials: [latency(null, null)], scenario: withWork }, 'a', 0.8)).toMatch(
    /the rate of its closed loop is unknown/,
  );
});

test('closed loops go up and down by turns, and cost their time', () => {
  const closedLoop = { open: [16, 100], forMs: 2000, turns: 2 };
  const specs = planned({ ...all, closedLoop }).filter(({ kind }) => kind === 'closed-loop');
  const [first] = specs;
  expect(first!.warmUp.loops!.map(({ open }) => open)).toEqual([16, 100, 100, 16]);
  expect(
    estimateSeconds([first!]) - estimateSeconds([{ ...first!, warmUp: { ...first!.warmUp, loops: [] } }]),
  ).toBeGreaterThanOrEqual(8);
  expect(planned(all).every(({ warmUp }) => warmUp.loops === undefined)).toBe(true);
});

test('the estimate holds at least the load of every trial', () => {
  const specs = planned(all);
  const loadS = specs.reduce((sum, { load: { durationMs } }) => sum + durationMs / 1000, 0);
  expect(estimateSeconds(specs)).toBeGreaterThan(loadS + specs.length);
});

test('a target of the user gets latency trials only', () => {
  const order = orderTrials(
    all,
    [
      {
        ...rowOf('a', 'x'),
        target: {
          url: 'http://127.0.0.1:1/',
          listensAt: { host: '127.0.0.1', port: 1 },
          requests: { call: { settings: {}, take: {} } },
          mix: [{ operation: 'call', share: 1 }],
          flows: {},
          stream: null,
        },
      },
    ],
    1,
  );
  expect(new Set(order.map((e) => e.kind))).toEqual(new Set(['latency']));
});

test.each([
  [2, 10],
  [50, 20],
  [200, 24],
  [5000, 24],
])('settling at %s/s takes windows of %s', (ratePerS, window) => {
  const at = scenarioSchema.parse({ ...scenario, load: { shape: 'constant', ratePerS } });
  expect(planned(at).find((spec) => spec.kind === 'latency')!.warmUp.steadyState).toMatchObject({ window });
});

test.each([
  [5, 10, 16],
  [1, 10, 12],
  [0.1, 10, 1],
  [0.01, 1, 1],
])(
  'at %s/s it takes at most two minutes, or one arrival: %s in each of %s windows',
  (ratePerS, window, maxWindows) => {
    const at = scenarioSchema.parse({ ...scenario, load: { shape: 'constant', ratePerS } });
    const { steadyState } = planned(at).find((spec) => spec.kind === 'latency')!.warmUp;
    expect(steadyState).toEqual({ window, maxWindows });
  },
);

test('a bounded warm-up leaves no backlog behind a broker: no more calls than the service does meanwhile, and no probe', async () => {
  const { scenario: base } = await loadScenario('rest-vs-queue', []);
  const resolved = await resolvePatterns(base, { patterns: undefined }, await loadCatalogue());
  const warmUpOf = (id: string, mostMs: number | null) => {
    const slow = {
      ...base,
      service: { ...base.service, concurrency: 20, processingMs: 20 },
      warmUp: { ...base.warmUp, calls: 3000, probeMs: 1000, mostMs },
    };
    const pattern = resolved.find((one) => one.id === id)!;
    return plainSpec({ id: 1, round: 1 }, { scenario: slow, seed: 1, pattern }).warmUp.closedLoop;
  };
  // Concurrency 20 / 20 ms = 1,000/s, for 2 s.
  expect(warmUpOf('queue', 2000)).toMatchObject({ calls: 2000, forMs: 0 });
  expect(warmUpOf('rest', 2000)).toMatchObject({ calls: 3000, forMs: 1000 });
  expect(warmUpOf('queue', null)).toMatchObject({ calls: 3000, forMs: 1000 });
});
