import type { Outcome } from '../../src/kernel/outcome.ts';
import { draw } from '../../src/kernel/random.ts';
import { SeriesBuilder } from '../../src/measure/figures/histogram.ts';
import { type Hops, hopsSchema, WINDOW_ARRIVALS } from '../../src/measure/hops/hop-figures.ts';
import type { OutcomeCounts, Phase, Series } from '../../src/measure/figures/figures.ts';
import { resultSchema, trialSchema, type Result, type Trial } from '../../src/record/record.ts';
import { scenarioSchema } from '../../src/scenario/schema/schema.ts';
import { EMPTY_SERIES, ledgerOf, phaseOf, REST, resultOf, trialOf } from './result.ts';

/**
 * A shop whose service is killed for 5 s, made up arrival by arrival, so that every figure is of one story.
 * storefront → payments takes `createUser`; `getUser` depends on nobody. 200/s, each the half of it.
 */
const RATE_PER_S = 200;
const SPANS = [
  ['baseline', 0, 3000],
  ['kill', 3000, 8000],
  ['recovery', 8000, 16_000],
] as const;
const OBJECTIVE_MS = 300;
const DEADLINE_MS = 1000;

/** One request of a trial, as the figures see it. */
interface Fate {
  readonly outcome: Outcome;
  readonly waitMs: number;
  /** From the intended instant; null: never. */
  readonly doneMs: number | null;
  readonly tries: number;
  readonly degraded?: true;
  /** By a breaker, in no time. */
  readonly rejected?: true;
  readonly done2?: true;
}

/** What becomes of a request that was due so many ms from the start. */
type Story = (atMs: number, noise: number) => Fate;

const served = (noise: number, tries = 1): Fate => {
  const waitMs = 22 - 3 * Math.log(1 - noise);
  return { outcome: 'ok', waitMs, doneMs: waitMs - 1, tries };
};

/** Retries hammer on a service that is gone, and go on to when it is back: it never recovers. */
const storm: Story = (atMs, noise) => {
  if (atMs < 3000) return served(noise);
  return { outcome: 'timeout', waitMs: DEADLINE_MS, doneMs: null, tries: 1 + (noise < 0.9 ? 2 : 1) };
};

/** Opens 400 ms after the kill; probes now and then; closes 600 ms after the service is back. */
const breaker: Story = (atMs, noise) => {
  if (atMs < 3000 || atMs >= 8800) return served(noise);
  if (atMs < 3400) return { outcome: 'error', waitMs: 2, doneMs: null, tries: 2 };
  return { outcome: 'error', waitMs: 0.4, doneMs: null, tries: noise < 0.01 ? 1 : 0, rejected: true };
};

const withFallback: Story = (atMs, noise) => {
  const fate = breaker(atMs, noise);
  return fate.outcome === 'ok' ? fate : { ...fate, outcome: 'ok', waitMs: fate.waitMs + 2, degraded: true };
};

/** The broker has it at once; what piled up is done within 1.5 s of the restart. */
const queued: Story = (atMs, noise) => {
  const waitMs = 2 - Math.log(1 - noise);
  const late = atMs >= 3000 && atMs < 8200 ? 8200 - atMs + ((atMs - 3000) * 1500) / 5200 : 0;
  return { outcome: 'ok', waitMs, doneMs: late + 26 - 3 * Math.log(1 - noise), tries: 1 };
};

const twice: Story = (atMs, noise) => {
  const fate = served(noise);
  return atMs >= 3000 && atMs < 3410 ? { ...fate, tries: 2, done2: true } : fate;
};

interface Telling {
  readonly id: string;
  readonly title: string;
  readonly story: Story;
  readonly transport?: string;
  readonly policies?: readonly string[];
  readonly transitions?: readonly (readonly [
    atMs: number,
    to: 'opened' | 'half-open' | 'closed',
    cause: string,
  ])[];
}

export const TELLINGS = {
  storm: { id: 'retries', title: 'Timeout + retry', story: storm, policies: ['retry', 'timeout'] },
  breaker: {
    id: 'breaker',
    title: 'Breaker',
    story: breaker,
    policies: ['circuit-breaker', 'timeout'],
    transitions: [
      [3400, 'opened', '50 % of 40 calls failed'],
      [5400, 'half-open', 'waited 2 s'],
      [5420, 'opened', 'a probe failed'],
      [8500, 'half-open', 'waited 2 s'],
      [8800, 'closed', '10 probes did'],
      [14_000, 'opened', '50 % of 40 calls were slow'],
    ],
  },
  fallback: {
    id: 'fallback',
    title: 'Breaker + fallback',
    story: withFallback,
    policies: ['fallback', 'circuit-breaker', 'timeout'],
    transitions: [[3400, 'opened', '50 % of 40 calls failed']],
  },
  queue: { id: 'queue', title: 'Over RabbitMQ', story: queued, transport: 'rabbitmq' },
  twice: { id: 'again', title: 'Retry', story: twice, policies: ['retry', 'timeout'] },
} as const satisfies Record<string, Telling>;

interface Arrival extends Fate {
  readonly atMs: number;
}

const CALM: Story = (_, noise) => served(noise);

function arrivalsOf(story: Story, seed: number, place: 0 | 1): Arrival[] {
  const count = (SPANS.at(-1)![2] * RATE_PER_S) / 1000;
  return Array.from({ length: count }, (_, i) => i)
    .filter((i) => i % 2 === place)
    .map((i) => {
      const atMs = (i * 1000) / RATE_PER_S;
      return { atMs, ...story(atMs, draw(seed, 'fate', i)) };
    });
}

function isDoneInTime({ doneMs }: Fate): boolean {
  return doneMs !== null && doneMs <= DEADLINE_MS;
}

function isCorrect({ outcome, waitMs }: Fate): boolean {
  return outcome === 'ok' && waitMs <= DEADLINE_MS;
}

function series(all: readonly Arrival[], pick: (one: Arrival) => number | null, fromMs: number): Series {
  const builder = new SeriesBuilder(fromMs * 1e6);
  for (const one of all) {
    const ms = pick(one);
    if (ms !== null) builder.record(Math.round(ms * 1e6), one.atMs * 1e6);
  }
  return builder.build();
}

function outcomesOf(all: readonly Fate[]): OutcomeCounts {
  const counts: OutcomeCounts = {};
  for (const { outcome } of all) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

function bySpan<T>(
  all: readonly Arrival[],
  of: (name: string, here: readonly Arrival[], fromMs: number) => T,
): T[] {
  return SPANS.map(([name, fromMs, toMs]) =>
    of(
      name,
      all.filter(({ atMs }) => atMs >= fromMs && atMs < toMs),
      fromMs,
    ),
  );
}

function windowsOf(all: readonly Arrival[]) {
  return Array.from({ length: Math.ceil(all.length / WINDOW_ARRIVALS) }, (_, i) => {
    const here = all.slice(i * WINDOW_ARRIVALS, (i + 1) * WINDOW_ARRIVALS);
    return {
      fromNs: here[0]!.atMs * 1e6,
      toNs: here.at(-1)!.atMs * 1e6,
      planned: here.length,
      healthy: here.filter((one) => isCorrect(one) && one.waitMs <= OBJECTIVE_MS).length,
    };
  });
}

function endpointOf(operation: string, title: string, all: readonly Arrival[]) {
  return {
    operation,
    title,
    objectiveNs: OBJECTIVE_MS * 1e6,
    windows: windowsOf(all),
    phases: bySpan(all, (name, here, fromMs) => ({
      name,
      planned: here.length,
      correct: here.filter(isCorrect).length,
      degraded: here.filter(({ degraded }) => degraded).length,
      done: here.filter(({ doneMs }) => doneMs !== null).length,
      outcomes: outcomesOf(here),
      response: series(here, (one) => (one.outcome === 'ok' ? one.waitMs : null), fromMs),
      completion: series(here, (one) => one.doneMs, fromMs),
    })),
  };
}

function hopsOf(telling: Telling, dependent: readonly Arrival[], independent: readonly Arrival[]): Hops {
  const { transport = 'rest', policies = [], transitions = [] } = telling;
  const isQueued = transport === 'rabbitmq';
  const tries = (here: readonly Arrival[]) => here.reduce((n, one) => n + one.tries, 0);
  return hopsSchema.parse({
    endpoints: [endpointOf('createUser', 'buy', dependent), endpointOf('getUser', 'look', independent)],
    edges: [
      {
        id: 'storefront-payments',
        from: 'storefront',
        to: 'payments',
        transport,
        interaction: isQueued ? 'work-queue' : 'request-reply',
        policies,
        objectiveNs: OBJECTIVE_MS * 1e6,
        windows: windowsOf(
          dependent.map((one) => (one.degraded ? { ...one, outcome: 'error' as const } : one)),
        ),
        phases: bySpan(dependent, (name, here, fromMs) => ({
          name,
          expected: here.length,
          calls: here.length,
          attempts: tries(here),
          outcomes: outcomesOf(here),
          attemptOutcomes: { ok: here.filter(({ doneMs }) => doneMs !== null).length },
          failedFast: here.filter(({ rejected }) => rejected).length,
          fallbacks: here.filter(({ degraded }) => degraded).length,
          policyCounts: {},
          ok: series(here, (one) => (one.outcome === 'ok' ? one.waitMs - 1 : null), fromMs),
          failed: series(here, (one) => (one.outcome === 'ok' ? null : one.waitMs), fromMs),
        })),
      },
    ],
    services: [
      {
        id: 'storefront',
        phases: bySpan([...dependent, ...independent], (name, here) => ({
          name,
          executions: here.length,
          useful: here.filter(isCorrect).length,
          late: here.filter(({ outcome }) => outcome === 'timeout').length,
          repeated: 0,
          effects: here.filter(isCorrect).length,
        })),
        backlog: null,
      },
      {
        id: 'payments',
        phases: bySpan(dependent, (name, here) => ({
          name,
          // While it is down nobody executes; before and after, every try is handled.
          executions: name === 'kill' ? here.filter(({ doneMs }) => doneMs !== null).length : tries(here),
          useful: here.filter((one) => isDoneInTime(one) && isCorrect(one)).length,
          late:
            name === 'kill' && !isQueued
              ? 0
              : tries(here.filter((one) => one.outcome === 'timeout' || (isQueued && !isDoneInTime(one)))),
          repeated: here.filter(({ done2 }) => done2).length,
          effects: here.filter(({ doneMs }) => doneMs !== null).length,
        })),
        backlog: isQueued ? { peak: 521, peakAtNs: 8.2e9, left: 0, drainNs: 24e6 } : null,
      },
    ],
    transitions: transitions.map(([atMs, to, cause]) => ({
      edge: 'storefront-payments',
      policy: 'circuit-breaker',
      atNs: atMs * 1e6,
      to,
      cause,
      isFalse: null,
    })),
    admissions:
      transitions.length === 0 ? [] : [{ edge: 'storefront-payments', atNs: 3.4e9, probes: 0, rejected: 10 }],
    protections: transitions
      .filter(([, to]) => to === 'opened')
      .map(([atMs]) => ({
        edge: 'storefront-payments',
        policy: 'circuit-breaker',
        what: 'opened',
        atNs: atMs * 1e6,
      })),
    torn: 0,
  });
}

function phasesOf(all: readonly Arrival[]): Phase[] {
  return bySpan(all, (name, here, fromMs) => {
    const ok = here.filter(({ outcome }) => outcome === 'ok');
    const done = here.filter(({ doneMs }) => doneMs !== null);
    const [, , toMs] = SPANS.find(([span]) => span === name)!;
    return phaseOf(here.length, { leastMs: 1, tailMs: 1 }, { leastMs: 1, tailMs: 1 }, fromMs, {
      name,
      fromNs: fromMs * 1e6,
      toNs: toMs * 1e6,
      outcomes: outcomesOf(here),
      correct: here.filter(isCorrect).length,
      done: done.length,
      doneInTime: done.filter(({ doneMs }) => doneMs! <= DEADLINE_MS).length,
      serviceTime: EMPTY_SERIES,
      response: series(ok, (one) => one.waitMs, fromMs),
      completion: series(done, (one) => one.doneMs, fromMs),
    });
  });
}

/** A trial with the kill, or its control. */
export function shopTrial(
  id: number,
  telling: Telling,
  kind: 'fault' | 'control',
  more: Partial<Trial> = {},
): Trial {
  const calm = telling.transport === 'rabbitmq' ? (_: number, noise: number) => queued(0, noise) : CALM;
  const dependent = arrivalsOf(kind === 'fault' ? telling.story : calm, id, 0);
  const independent = arrivalsOf(CALM, id, 1);
  const all = [...dependent, ...independent].toSorted((a, b) => a.atMs - b.atMs);
  const done = dependent.filter(({ doneMs }) => doneMs !== null);
  const duplicates = dependent.filter(({ done2 }) => done2).length;
  const trial = trialOf({
    id,
    pattern: 'rest',
    variant: telling.id,
    kind,
    phases: phasesOf(all),
    ledgers: [
      ledgerOf(all.filter(isCorrect).length),
      ledgerOf(done.length, {
        subscriber: 1,
        accepted: { done0: 0, done1: done.length - duplicates, doneMore: duplicates, deadLettered: 0 },
        duplicates,
      }),
    ],
    hops: hopsOf(kind === 'fault' ? telling : { ...telling, transitions: [] }, dependent, independent),
    faults: kind === 'control' ? [] : [KILL],
    load:
      kind === 'fault'
        ? { verdict: 'faulted', detail: 'kill of payments' }
        : { verdict: 'sustained', detail: 'all in time' },
    ...more,
  });
  return trialSchema.parse(trial);
}

export const KILL: Trial['faults'][number] = {
  id: 'kill',
  do: 'kill',
  on: 'payments',
  plannedAtNs: 3e9,
  plannedForNs: 5e9,
  injectedNs: 3.0004e9,
  observedNs: 3.002e9,
  liftedNs: 8.001e9,
  readyNs: 8.21e9,
  planned: null,
  injected: null,
  observed: null,
};

/** Each of these variants with its control, one round. */
export function shopResult(
  tellings: readonly Telling[] = [TELLINGS.storm, TELLINGS.breaker, TELLINGS.fallback, TELLINGS.queue],
  trials: readonly Trial[] = tellings.flatMap((telling, i) => [
    shopTrial(2 * i + 1, telling, 'control'),
    shopTrial(2 * i + 2, telling, 'fault'),
  ]),
): Result {
  const scenario = scenarioSchema.parse({
    name: 'shop',
    title: 'A shop whose payments are killed',
    patterns: [{ id: 'rest', title: 'REST', transport: 'rest', interaction: 'request-reply' }],
    mix: [{ operation: 'createUser' }, { operation: 'getUser' }],
    load: { shape: 'constant', ratePerS: RATE_PER_S },
    durationMs: SPANS.at(-1)![2],
    deadlineMs: DEADLINE_MS,
    objectiveMs: OBJECTIVE_MS,
    rounds: 1,
    noop: false,
    services: [
      { id: 'storefront', concurrency: 20 },
      { id: 'payments', processingMs: 20 },
    ],
    edges: [{ from: 'storefront', to: 'payments', operations: ['createUser'] }],
    endpoints: [
      { operation: 'createUser', title: 'buy' },
      { operation: 'getUser', title: 'look' },
    ],
    faults: [{ do: 'kill', on: 'payments', atMs: 3000, forMs: 5000 }],
    variants: tellings.map(({ id, title, transport, policies }) => ({
      id,
      title,
      edges: [
        {
          id: 'storefront-payments',
          ...(transport === 'rabbitmq' ? { transport, interaction: 'work-queue' } : {}),
          ...(policies ? { policies: policies.map((policy) => ({ policy })) } : {}),
        },
      ],
    })),
  });
  return resultSchema.parse(resultOf([REST], trials, { scenario }));
}

/** The payments killed for everybody, the broker for those who go over it. */
export function casesResult(more: Partial<Trial> = {}): Result {
  const result = shopResult([TELLINGS.storm, TELLINGS.breaker, TELLINGS.queue]);
  const { faults } = result.scenario;
  const [payments, rabbitmq] = [
    { id: 'payments', title: 'Payments gone', faults },
    { id: 'rabbitmq', title: 'RabbitMQ gone', faults: faults.map((fault) => ({ ...fault, on: 'rabbitmq' })) },
  ] as const;
  const casesOf = ({ variant }: Trial) => [payments, ...(variant === TELLINGS.queue.id ? [rabbitmq] : [])];
  const trials = result.trials.flatMap((trial) =>
    trial.kind === 'control'
      ? [trial]
      : casesOf(trial).map(({ id }, i) => ({ ...trial, ...more, id: trial.id * 10 + i, case: id })),
  );
  const order = trials.map(({ id, round, pattern, variant, kind, case: of }) => {
    return { id, round, pattern, variant, kind, case: of };
  });
  const scenario = { ...result.scenario, faults: [], cases: [payments, rabbitmq] };
  return { ...result, scenario, trials, design: { ...result.design, order } };
}
