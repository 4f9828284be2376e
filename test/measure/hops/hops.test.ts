import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NS_PER_MS } from '../../../src/kernel/clock.ts';
import { draw } from '../../../src/kernel/random.ts';
import { maximumUs } from '../../../src/measure/figures/histogram.ts';
import {
  type EdgeFigures,
  type Hops,
  hopsSchema,
  WINDOW_ARRIVALS,
} from '../../../src/measure/hops/hop-figures.ts';
import type { HopEvent } from '../../../src/measure/logs/hop-log.ts';
import {
  amplification,
  edgeTotals,
  wastedShare,
  workTotals,
} from '../../../src/analysis/faults/edge-totals.ts';
import {
  ANSWERED,
  chainOf,
  edgeBetween,
  FAILED,
  hopsOf,
  LATE,
  play,
  told,
  topologyOf,
  type Way,
} from './hop-story.ts';
import { effectAt, START_NS } from '../synthetic.ts';

const ms = (n: number) => n * NS_PER_MS;
const total = (counts: Partial<Record<string, number>>) =>
  Object.values(counts).reduce<number>((sum, n) => sum + (n ?? 0), 0);
const sum = <T>(all: readonly T[], of: (one: T) => number) => all.reduce((n, one) => n + of(one), 0);
/** As reports have it, over some phases or all. */
const amplificationOf = (edges: readonly EdgeFigures[], names = namesIn(edges)) =>
  amplification(edgeTotals(edges, names));
const wastedOf = ({ services }: Hops) => wastedShare(workTotals(services, namesIn(services)));
const namesIn = (all: readonly { readonly phases: readonly { readonly name: string }[] }[]) =>
  all.flatMap(({ phases }) => phases.map(({ name }) => name));

const PHASES = [
  { name: 'baseline', fromNs: 0, toNs: ms(500) },
  { name: 'kill', fromNs: ms(500), toNs: ms(1000) },
  { name: 'recovery', fromNs: ms(1000), toNs: ms(2000) },
];

describe('amplification', () => {
  it('of three tries on each of two hops is 9 at the leaf and 3 in the middle', () => {
    const way = (edge: number): Way => (edge === 1 ? 'refused' : 'answered');
    const { hops } = told({ topology: chainOf(3), tries: 3, way }, 40);
    expect(hops.edges.map((edge) => amplificationOf([edge]))).toEqual([3, 9]);
    expect(hops.edges.map(({ phases }) => phases[0]!.calls)).toEqual([40, 120]);
    expect(hops.edges[1]!.phases[0]!.attemptOutcomes).toEqual({ refused: 360 });
  });

  it('is 1 when nothing fails, whatever the fan-out', () => {
    const diamond = topologyOf(5, [
      edgeBetween(0, 1),
      edgeBetween(0, 2),
      edgeBetween(1, 3),
      edgeBetween(2, 3),
      edgeBetween(3, 4),
    ]);
    const { hops } = told({ topology: diamond, tries: 3, way: () => 'answered' }, 20);
    expect(amplificationOf(hops.edges.filter(({ to }) => to === 's3'))).toBe(1);
    expect(amplificationOf(hops.edges.filter(({ to }) => to === 's4'))).toBe(1);
    expect(hops.services.map(({ phases }) => phases[0]!.executions)).toEqual([20, 20, 20, 40, 40]);
    expect(hops.endpoints[0]!.phases[0]!.done).toBe(20);
  });

  it('is over those arrivals that go over an edge, in the phase in which they were due', () => {
    const topology = topologyOf(2, [edgeBetween(0, 1, { operations: ['op'] })]);
    const way = (_: number, sequence: number): Way => (sequence >= 50 ? 'refused' : 'answered');
    const { hops } = told({ topology, tries: 2, way }, 200, {
      phases: PHASES,
      operationAt: (i) => (i % 2 === 0 ? 'op' : 'other'),
    });
    const [edge] = hops.edges;
    expect(edge!.phases.map(({ expected }) => expected)).toEqual([25, 25, 50]);
    // The story played all of them as `op`: twice as many calls as expected, tried twice from the fault on.
    expect(PHASES.map(({ name }) => amplificationOf([edge!], [name]))).toEqual([2, 4, 4]);
    expect(amplificationOf([edge!], ['nowhere'])).toBeNull();
  });
});

describe('wasted work', () => {
  const chain = chainOf(3);

  it('is none where every answer came in time', () => {
    const { hops } = told({ topology: chain, tries: 1, way: () => 'answered' }, 10);
    expect(wastedOf(hops)).toBe(0);
  });

  it('is all of an arrival that failed, or that was answered too late', () => {
    const { events } = play({ topology: chain, tries: 1, way: () => 'answered' }, 0);
    for (const fate of [LATE, FAILED]) {
      expect(wastedOf(hopsOf([fate], { topology: chain, events }))).toBe(1);
    }
  });

  it('is everything below an attempt whose caller gave it up', () => {
    // The first try of the first hop is lost: its execution in the middle and at the leaf were for nothing.
    let tries = 0;
    const way = (edge: number): Way => (edge === 0 && tries++ === 0 ? 'lost' : 'answered');
    const { hops } = told({ topology: chain, tries: 2, way }, 1);
    const of = hops.services.map(({ phases: [phase] }) => [phase!.executions, phase!.useful]);
    expect(of).toEqual([
      [1, 1],
      [2, 1],
      [2, 1],
    ]);
    expect(wastedOf(hops)).toBe(2 / 5);
  });

  it('is the loser of a hedge, though both were answered', () => {
    const one = { stage: 'measured', sequence: 0, operation: 'op' } as const;
    const at = (n: number) => START_NS + n;
    const events: HopEvent[] = [
      { type: 'execution', ...one, service: 0, call: 0, attempt: 1, atNs: at(1) },
      ...[7, 8].flatMap((call): HopEvent[] => [
        { type: 'attempt', ...one, edge: 0, call, parent: 0, attempt: call, atNs: at(call) },
        { type: 'execution', ...one, service: 1, call, attempt: call, atNs: at(10 + call) },
        { type: 'ended', call, outcome: 'ok', status: 0, atNs: at(30 - call) },
      ]),
      // Only the winner, 8, went on.
      ...[7, 8].flatMap((parent): HopEvent[] => [
        { type: 'attempt', ...one, edge: 1, call: 10 + parent, parent, attempt: 1, atNs: at(20) },
        { type: 'execution', ...one, service: 2, call: 10 + parent, attempt: 1, atNs: at(20) },
        { type: 'ended', call: 10 + parent, outcome: 'ok', status: 0, atNs: at(21) },
      ]),
    ];
    const { services } = hopsOf([ANSWERED], { topology: chain, events });
    expect(services.map(({ phases: [phase] }) => [phase!.executions, phase!.useful])).toEqual([
      [1, 1],
      [2, 1],
      [2, 1],
    ]);
  });

  it('is what a broker made a service do again', () => {
    const topology = topologyOf(2, [edgeBetween(0, 1, { isAnswered: false })]);
    const { events } = play({ topology, tries: 1, way: () => 'answered' }, 0);
    const again = events
      .filter((event) => event.type === 'execution' && event.service === 1)
      .map((event) => ({ ...event }));
    const effects = [effectAt(0, 3, { subscriber: 1 })];
    const { services } = hopsOf([ANSWERED], { topology, events: [...events, ...again], effects });
    expect(services[1]!.phases[0]).toMatchObject({ executions: 2, useful: 1, late: 0, repeated: 1 });
  });

  const fatesOf = ({ services }: Hops, service: number) => {
    const { useful, late, repeated, executions } = services[service]!.phases[0]!;
    return { useful, late, repeated, failed: executions - useful - late! - repeated! };
  };
  const NONE = { useful: 0, late: 0, repeated: 0, failed: 0 };

  it('is what was done behind a broker after the deadline, as a reply after it is', () => {
    const queued = topologyOf(2, [edgeBetween(0, 1, { isAnswered: false })]);
    const { events } = play({ topology: queued, tries: 1, way: () => 'answered' }, 0);
    const doneAfter = (afterMs: number) =>
      fatesOf(
        hopsOf([ANSWERED], {
          topology: queued,
          events,
          effects: [effectAt(0, 3), effectAt(0, afterMs, { subscriber: 1 })],
        }),
        1,
      );
    expect(doneAfter(1000)).toEqual({ ...NONE, useful: 1 });
    expect(doneAfter(1000.1)).toEqual({ ...NONE, late: 1 });
    // The other side: a reply in and after the deadline.
    const answered = play({ topology: chain, tries: 1, way: () => 'answered' }, 0).events;
    expect(fatesOf(hopsOf([LATE], { topology: chain, events: answered }), 2)).toEqual({ ...NONE, late: 1 });
  });

  it('is what the generator sent to a queue and was done after the deadline, of each subscriber by itself', () => {
    const one = { stage: 'measured', sequence: 0, operation: 'op', call: 0, attempt: 1 } as const;
    const events = [0, 1, 2].map((service): HopEvent => {
      return { type: 'execution', ...one, service, atNs: START_NS + 1 };
    });
    const effects = [effectAt(0, 900), effectAt(0, 11_000, { subscriber: 1 })];
    const hops = hopsOf([ANSWERED], { events, effects, subscribers: 3, isAnswered: false });
    expect([0, 1, 2].map((service) => fatesOf(hops, service))).toEqual([
      { ...NONE, useful: 1 },
      { ...NONE, late: 1 },
      { ...NONE, failed: 1 },
    ]);
  });

  it('is also what a service behind a broker had others do, if it was done too late itself', () => {
    const topology = topologyOf(3, [edgeBetween(0, 1, { isAnswered: false }), edgeBetween(1, 2)]);
    const { events } = play({ topology, tries: 1, way: () => 'answered' }, 0);
    const below = (afterMs: number) => {
      const effects = [effectAt(0, 3, { subscriber: 2 }), effectAt(0, afterMs, { subscriber: 1 })];
      return fatesOf(hopsOf([ANSWERED], { topology, events, effects }), 2);
    };
    expect(below(900)).toEqual({ ...NONE, useful: 1 });
    expect(below(1100)).toEqual({ ...NONE, late: 1 });
  });

  it('is late where its caller had given up, repeated where that tried again, and failed where it was told so', () => {
    const events = (way: Way, tries: number) => {
      let calls = 0;
      return play({ topology: chain, tries, way: () => (calls++ === 0 ? way : 'answered') }, 0).events;
    };
    const leaf = (way: Way, tries: number, fate = ANSWERED) =>
      fatesOf(hopsOf([fate], { topology: chain, events: events(way, tries) }), 2);
    expect(leaf('lost', 1, FAILED)).toEqual({ ...NONE, late: 1 });
    expect(leaf('lost', 2)).toEqual({ ...NONE, useful: 1, repeated: 1 });
    expect(leaf('answered', 1, FAILED)).toEqual({ ...NONE, failed: 1 });
    expect(leaf('answered', 1, { dispatchedMs: 0, acknowledgedMs: 1000, outcome: 'timeout' })).toEqual({
      ...NONE,
      late: 1,
    });
  });
});

describe('an edge', () => {
  const topology = chainOf(2);
  const policy = (what: 'opened' | 'rejected' | 'retried', atMs: number, sequence?: number): HopEvent => ({
    type: 'policy',
    edge: 0,
    policy: 'breaker',
    what,
    cause: 'c',
    atNs: START_NS + ms(atMs),
    ...(sequence === undefined ? {} : { sequence }),
  });

  it('failed fast where no attempt was let through, or it failed within a tenth of the objective', () => {
    const call = (sequence: number, tookMs: number, attempts: number): HopEvent => ({
      type: 'call',
      stage: 'measured',
      sequence,
      operation: 'op',
      edge: 0,
      parent: 0,
      beganNs: START_NS,
      endedNs: START_NS + ms(tookMs),
      outcome: 'error',
      attempts,
      fallback: false,
    });
    const events = [call(0, 500, 0), call(1, 10, 1), call(2, 11, 1), call(3, 500, 1)];
    const { edges } = hopsOf([FAILED, FAILED, FAILED, FAILED], { topology, events, objectiveNs: ms(100) });
    expect(edges[0]!.phases[0]).toMatchObject({ calls: 4, failedFast: 2, outcomes: { error: 4 } });
    expect(edges[0]!.phases[0]!.failed.count).toBe(4);
    expect(hopsOf([FAILED], { topology, events: events.slice(1, 2) }).edges[0]!.phases[0]!.failedFast).toBe(
      0,
    );
  });

  it('counts a call whose caller died in the middle, and its attempt, as unfinished', () => {
    const { events } = play({ topology, tries: 1, way: () => 'answered' }, 0);
    const cut = events.filter(({ type }) => type !== 'call' && type !== 'ended');
    const [edge] = hopsOf([FAILED], { topology, events: cut }).edges;
    expect(edge!.phases[0]).toMatchObject({
      calls: 1,
      outcomes: { unfinished: 1 },
      attemptOutcomes: { unfinished: 1 },
    });
    expect(edge!.windows[0]).toMatchObject({ planned: 1, healthy: 0 });
  });

  it('is not healthy by a fallback, but what is above it is; degraded says so', () => {
    const script = { topology, tries: 1, way: (): Way => 'refused', fallbacks: [0] };
    const { hops } = told(script, 100);
    expect(hops.edges[0]!.windows.map(({ healthy }) => healthy)).toEqual([0, 0]);
    expect(hops.edges[0]!.phases[0]).toMatchObject({ fallbacks: 100, outcomes: { ok: 100 } });
    expect(hops.endpoints[0]!.windows.map(({ healthy }) => healthy)).toEqual([50, 50]);
    expect(hops.endpoints[0]!.phases[0]).toMatchObject({ correct: 100, degraded: 100, done: 0 });
  });

  it('has its own objective: 1.5 times the baseline p99 of calls on it', () => {
    const { hops } = told({ topology, tries: 1, way: () => 'answered' }, 100);
    // Call began → attempt, execution, effect, ended → call ended: 5 ticks of 1 us.
    expect(hops.edges[0]!.objectiveNs).toBe(7_500);
    expect(hops.endpoints[0]!.objectiveNs).toBe(1.5 * 5 * NS_PER_MS);
    const noBaseline = told({ topology, tries: 1, way: () => 'answered' }, 100, {
      phases: [{ name: 'kill', fromNs: 0, toNs: ms(1000) }],
    });
    expect(noBaseline.hops.edges[0]!.objectiveNs).toBeNull();
  });

  it('counts what policies did in the phase of the arrival concerned, or else of the instant', () => {
    const events = [
      policy('retried', 700, 3),
      policy('retried', 700, 70),
      policy('opened', 700),
      policy('opened', -5),
    ];
    const fates = Array.from({ length: 200 }, () => ANSWERED);
    const { edges } = hopsOf(fates, { topology, events, phases: PHASES });
    expect(edges[0]!.phases.map(({ policyCounts }) => policyCounts)).toEqual([
      { 'breaker retried': 1 },
      { 'breaker retried': 1, 'breaker opened': 1 },
      {},
    ]);
  });
});

describe('policies', () => {
  const topology = chainOf(2);
  const did = (
    policy: string,
    what: 'opened' | 'half-open' | 'probe' | 'rejected',
    atMs: number,
  ): HopEvent => ({
    type: 'policy',
    edge: 0,
    policy,
    what,
    cause: 'why',
    atNs: START_NS + ms(atMs),
  });

  it('that change state are breakers: their admissions are counted per 100 ms', () => {
    const events = [
      did('bulkhead', 'rejected', 20),
      did('breaker', 'probe', 250),
      did('breaker', 'opened', 110),
      did('breaker', 'rejected', 150),
      did('breaker', 'rejected', 199),
      did('breaker', 'rejected', 200),
      did('breaker', 'half-open', 240),
    ];
    const hops = hopsOf([ANSWERED], { topology, events });
    expect(hops.transitions).toEqual([
      { edge: 's0-s1', policy: 'breaker', atNs: ms(110), to: 'opened', cause: 'why', isFalse: null },
      { edge: 's0-s1', policy: 'breaker', atNs: ms(240), to: 'half-open', cause: 'why', isFalse: null },
    ]);
    expect(hops.admissions).toEqual([
      { edge: 's0-s1', atNs: ms(100), probes: 0, rejected: 2 },
      { edge: 's0-s1', atNs: ms(200), probes: 1, rejected: 1 },
    ]);
    expect(hops.protections.map(({ policy, what, atNs }) => [policy, what, atNs / NS_PER_MS])).toEqual([
      ['bulkhead', 'rejected', 20],
      ['breaker', 'opened', 110],
      ['breaker', 'rejected', 150],
      ['breaker', 'rejected', 200],
    ]);
  });
});

describe('backlog', () => {
  const topology = topologyOf(2, [edgeBetween(0, 1, { isAnswered: false })]);
  /** Accepted at these instants, done at those (ms). */
  const backlogOf = (
    work: readonly (readonly [acceptedMs: number, doneMs: number | null])[],
    faultAtNs: number | null = null,
  ) => {
    const message = { stage: 'measured', operation: 'op', edge: 0, parent: 0, attempt: 1 } as const;
    const events = work.flatMap(([atMs], sequence): HopEvent[] => [
      { type: 'attempt', ...message, sequence, call: sequence + 1, atNs: START_NS },
      { type: 'ended', call: sequence + 1, outcome: 'ok', status: 0, atNs: START_NS + ms(atMs) },
    ]);
    const effects = work.flatMap(([, atMs], i) =>
      atMs === null ? [] : [effectAt(i, atMs, { subscriber: 1 })],
    );
    const fates = work.map(() => ANSWERED);
    return hopsOf(fates, { topology, events, effects, faultAtNs }).services.map(({ backlog }) => backlog);
  };

  it('is what was accepted and not yet done, at most, and how long after the last arrival it lasts', () => {
    const [caller, system] = backlogOf([
      [1, 40],
      [2, 41],
      [10, 2.5],
      [4, 60],
    ]);
    expect(caller).toBeNull();
    // The last of four arrivals was due at 30 ms.
    expect(system).toEqual({ peak: 3, peakAtNs: ms(4), atFirstFault: null, left: 0, drainNs: ms(30) });
  });

  it('that a fault found is what was accepted before it and not yet done', () => {
    const [, system] = backlogOf(
      [
        [1, 40],
        [2, 3.5],
        [3, null],
        [5, 60],
      ],
      ms(4),
    );
    expect(system).toMatchObject({ atFirstFault: 2 });
  });

  it('that was left has no end', () => {
    const [, system] = backlogOf([
      [1, null],
      [2, 5],
    ]);
    expect(system).toMatchObject({ peak: 2, left: 1, drainNs: null });
  });

  it('of what the generator sends to a queue counts from its confirm', () => {
    const effects = [effectAt(0, 12), effectAt(1, 30)];
    const { services } = hopsOf([ANSWERED, FAILED], { effects, isAnswered: false });
    expect(services).toMatchObject([{ id: 'service', backlog: { peak: 1, peakAtNs: ms(5), left: 0 } }]);
  });
});

describe('an endpoint', () => {
  it('depends on others where an edge of the first service belongs to it', () => {
    const topology = topologyOf(2, [edgeBetween(0, 1, { operations: ['buy'] })]);
    const { endpoints } = hopsOf([ANSWERED, ANSWERED, ANSWERED], {
      topology,
      operationAt: (i) => ['look', 'buy', 'ask'][i]!,
      endpoints: [
        { operation: 'buy', title: 'Buy a thing' },
        { operation: 'never', title: 'Nobody does' },
      ],
      effects: [effectAt(0, 3), effectAt(1, 13), effectAt(1, 12, { subscriber: 1 }), effectAt(2, 23)],
    });
    expect(endpoints.map(({ title }) => title)).toEqual(['Buy a thing', 'look', 'ask']);
    expect(endpoints.map(({ phases }) => phases[0]!.done)).toEqual([1, 1, 1]);
    expect(maximumUs(endpoints[0]!.phases[0]!.completion)).toBe(3000);
  });

  it('is as correct as the deadline lets it, and as healthy as the objective', () => {
    const fates = [...Array(60).fill(ANSWERED), ...Array(40).fill(LATE)] as (typeof ANSWERED)[];
    const { endpoints } = hopsOf(fates, { objectiveNs: ms(5) });
    expect(endpoints[0]!.phases[0]).toMatchObject({ planned: 100, correct: 60, outcomes: { ok: 100 } });
    expect(endpoints[0]!.windows).toEqual([
      { fromNs: 0, toNs: ms(490), planned: 50, healthy: 50 },
      { fromNs: ms(500), toNs: ms(990), planned: 50, healthy: 10 },
    ]);
    const strict = hopsOf(fates, { objectiveNs: ms(5) - 1 });
    expect(sum(strict.endpoints[0]!.windows, ({ healthy }) => healthy)).toBe(0);
  });
});

describe('sums', () => {
  const story = fc.record({
    services: fc.integer({ min: 2, max: 5 }),
    edges: fc.array(fc.tuple(fc.nat(4), fc.nat(4), fc.boolean()), { maxLength: 6 }),
    tries: fc.integer({ min: 1, max: 3 }),
    arrivals: fc.integer({ min: 1, max: 130 }),
    seed: fc.nat(),
    fallback: fc.nat(9),
    failing: fc.double({ min: 0, max: 0.5, noNaN: true }),
  });

  it('hold for any topology and any trouble: nothing counted twice, nothing left out', () => {
    fc.assert(
      fc.property(story, ({ services, edges, tries, arrivals, seed, fallback, failing }) => {
        const down = edges.filter(([from, to]) => from < to && to < services);
        const unique = down.filter(
          ([from, to], i) => down.findIndex((e) => e[0] === from && e[1] === to) === i,
        );
        const topology = topologyOf(
          services,
          unique.map(([from, to, isAnswered]) => edgeBetween(from, to, { isAnswered })),
        );
        const way = (edge: number, sequence: number, call: number): Way => {
          const drawn = draw(seed, `way ${edge}`, sequence, call);
          return drawn < failing ? 'refused' : drawn < 2 * failing ? 'lost' : 'answered';
        };
        const script = { topology, tries, way, fallbacks: [fallback] };
        const { stories, hops } = told(script, arrivals, { phases: PHASES });
        const events = stories.flatMap((one) => one.events);
        expect(() => hopsSchema.parse(hops)).not.toThrow();
        for (const [i, { phases }] of hops.services.entries()) {
          const begun = events.filter((event) => event.type === 'execution' && event.service === i).length;
          expect(sum(phases, (phase) => phase.executions)).toBe(begun);
          expect(sum(phases, (phase) => phase.useful)).toBe(sum(stories, ({ useful }) => useful[i]!));
          const others = (phase: (typeof phases)[number]) => phase.late! + phase.repeated!;
          for (const phase of phases)
            expect(phase.useful + others(phase)).toBeLessThanOrEqual(phase.executions);
        }
        for (const [i, edge] of hops.edges.entries()) {
          const ofEdge = (type: 'call' | 'attempt') =>
            events.filter((event) => event.type === type && event.edge === i).length;
          expect(sum(edge.phases, ({ calls }) => calls)).toBe(ofEdge('call'));
          expect(sum(edge.phases, ({ attempts }) => attempts)).toBe(ofEdge('attempt'));
          for (const phase of edge.phases) {
            expect(total(phase.outcomes)).toBe(phase.calls);
            expect(total(phase.attemptOutcomes)).toBe(phase.attempts);
            expect(phase.ok.count + phase.failed.count).toBe(phase.calls);
          }
        }
        for (const { windows, of } of [
          { windows: hops.endpoints[0]!.windows, of: arrivals },
          ...hops.edges.map((edge) => ({
            windows: edge.windows,
            of: sum(edge.phases, ({ calls }) => calls),
          })),
        ]) {
          expect(sum(windows, ({ planned }) => planned)).toBe(of);
          expect(windows.slice(0, -1).every(({ planned }) => planned === WINDOW_ARRIVALS)).toBe(true);
          expect(windows.every(({ healthy, planned }) => healthy <= planned)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });
});
