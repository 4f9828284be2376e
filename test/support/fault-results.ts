import { faultByName } from '../../src/faults/faults.ts';
import { goesOver } from '../../src/kernel/topology.ts';
import { type Hops, hopsSchema, WINDOW_ARRIVALS } from '../../src/measure/hops/hop-figures.ts';
import { type Result, resultSchema, type Trial } from '../../src/record/record.ts';
import { timelineOf } from '../../src/plan/kinds/kinds.ts';
import type { Timeline } from '../../src/plan/kinds/timeline/timeline.ts';
import { loadScenario } from '../../src/scenario/load/load.ts';
import type { Scenario } from '../../src/scenario/schema/schema.ts';
import { topologyOf } from '../../src/scenario/schema/topology.ts';
import { EMPTY_SERIES, ledgerOf, phaseOf, REST, resultOf, seriesOf, type Shape, trialOf } from './result.ts';

/** Which trial of a shipped fault scenario. */
export interface Which {
  readonly pattern: string;
  readonly variant: string | null;
  readonly case: string | null;
}

/** What became of it, told in a few figures; all is well where nothing is said. */
export interface Fate {
  /** By operation: share of those due while faults last that are answered in time. */
  readonly correct?: Readonly<Record<string, number>>;
  /** The same, of those due after. */
  readonly after?: Readonly<Record<string, number>>;
  /** Share of the work finally done that is due while faults last; by default what was answered. */
  readonly done?: number;
  /** How late it is done, at least. */
  readonly doneAfterMs?: number;
  /** Per due call while faults last, on each edge. */
  readonly tries?: number;
  /** Accepted and not yet done at the first fault, at the last service. */
  readonly atRisk?: number;
  /** At the last service. */
  readonly lost?: number;
  readonly duplicates?: number;
  /** Something protects the service 0.3 s into the first fault. */
  readonly acts?: true;
  /** So many breakers open before it. */
  readonly opensFalsely?: number;
  /** Messages that each fault of messages strikes. */
  readonly struck?: number;
  readonly more?: Partial<Trial>;
}

type PlannedFaults = Timeline['faults'];
type When = 'before' | 'during' | 'after';

/** A trial as it stands in time: when faults are on, and how many of each operation are due a second. */
interface Stage {
  readonly scenario: Scenario;
  readonly which: Which;
  readonly faults: PlannedFaults;
  readonly rates: ReadonlyMap<string, number>;
}

/**
 * A result of a shipped scenario as it stands in its file: one round, a control that was well, and what is told of each
 * of its faulted trials.
 * @param tell undefined: that one was not run
 * @param control what became of the controls
 */
export async function toldResult(
  name: string,
  emit: (which: Which) => Fate | undefined,
  control: Fate = {},
): Promise<Result> {
  const { scenario } = await loadScenario(name, []);
  const trials: Trial[] = [];
  const variants = scenario.variants.length > 0 ? scenario.variants.map(({ id }) => id) : [null];
  const cases = scenario.cases.length > 0 ? scenario.cases.map(({ id }) => id) : [null];
  for (const { id: pattern } of scenario.patterns) {
    for (const variant of variants) {
      const told = cases.flatMap((of) => {
        const fate = emit({ pattern, variant, case: of });
        return fate ? [{ of, fate }] : [];
      });
      if (told.length === 0) continue;
      const add = (kind: 'fault' | 'control', of: string | null, fate: Fate) =>
        trials.push(toldTrial(trials.length + 1, scenario, kind, { pattern, variant, case: of }, fate));
      add('control', null, control);
      for (const { of, fate } of told) add('fault', of, fate);
    }
  }
  const patterns = scenario.patterns.map(({ id, title, transport, interaction }) => {
    return { ...REST, id, title, transport, interaction };
  });
  return resultSchema.parse(resultOf(patterns, trials, { scenario }));
}

function backlogOf({ atRisk }: Fate): Hops['services'][number]['backlog'] {
  if (atRisk === undefined) return null;
  return { peak: atRisk, peakAtNs: 4e9, atFirstFault: atRisk, left: 0, drainNs: 5e9 };
}

function toldTrial(
  id: number,
  scenario: Scenario,
  kind: 'fault' | 'control',
  which: Which,
  fate: Fate,
): Trial {
  const { phases, faults } = timelineOf({ kind, case: which.case }, scenario);
  const { ratePerS } = scenario.load as { ratePerS: number };
  const shares = scenario.mix.reduce((sum, { share }) => sum + share, 0);
  const rates = new Map(scenario.mix.map(({ operation, share }) => [operation, (ratePerS * share) / shares]));
  const stage: Stage = { scenario, which, faults, rates };
  const windows = phases.map(({ name, fromMs, toMs }) => ({ name, fromNs: fromMs * 1e6, toNs: toMs * 1e6 }));
  const all = windows.map((window) => ({ ...window, ...countsIn(stage, window, fate) }));
  const hops = hopsOf(stage, windows, fate);
  return trialOf({
    id,
    ...which,
    case: kind === 'control' ? null : which.case,
    kind,
    phases: all.map((one) => phaseOf(0, WAIT, WAIT, id, { ...one, dispatchLag: LAG })),
    hops,
    ledgers: hops.services.map((_, i) => {
      const planned = all.reduce((n, one) => n + one.planned, 0);
      const isLast = i === hops.services.length - 1;
      return ledgerOf(planned, {
        subscriber: i,
        ...(isLast ? { lost: fate.lost ?? 0, duplicates: fate.duplicates ?? 0 } : {}),
      });
    }),
    faults: faults.map(({ id: fault, do: what, on, atMs, forMs }) => {
      const [atNs, forNs] = [atMs * 1e6, forMs * 1e6];
      const isOfMessages = faultByName(what).layer === 'application';
      const struck = isOfMessages ? (fate.struck ?? 10) : null;
      return {
        id: fault,
        do: what,
        on,
        plannedAtNs: atNs,
        plannedForNs: forNs,
        injectedNs: atNs,
        observedNs: atNs,
        liftedNs: atNs + forNs,
        readyNs: atNs + forNs,
        planned: struck,
        injected: struck,
        observed: struck,
      };
    }),
    ...fate.more,
  });
}

const WAIT: Shape = { leastMs: 2, tailMs: 1 };
const LAG = seriesOf(20, { leastMs: 0.02, tailMs: 0.02 }, 1);

function whenIn({ faults }: Stage, atNs: number): When {
  const atMs = atNs / 1e6;
  if (faults.some((fault) => fault.atMs <= atMs && atMs < fault.atMs + fault.forMs)) return 'during';
  return faults.length > 0 && faults.every((fault) => atMs >= fault.atMs) ? 'after' : 'before';
}

function shareOf(operation: string, when: When, { correct, after }: Fate): number {
  if (when === 'before') return 1;
  return (when === 'during' ? correct : after)?.[operation] ?? 1;
}

interface Span {
  readonly name: string;
  readonly fromNs: number;
  readonly toNs: number;
}

/** Of some operations, in one phase. */
function countsIn(stage: Stage, { fromNs, toNs }: Span, fate: Fate, operations = [...stage.rates.keys()]) {
  const when = whenIn(stage, (fromNs + toNs) / 2);
  const each = operations.map((operation) => {
    const due = Math.round((stage.rates.get(operation)! * (toNs - fromNs)) / 1e9);
    return { due, ok: Math.round(due * shareOf(operation, when, fate)) };
  });
  const planned = each.reduce((n, { due }) => n + due, 0);
  const correct = each.reduce((n, { ok }) => n + ok, 0);
  const done = when === 'during' && fate.done !== undefined ? Math.round(planned * fate.done) : correct;
  const leastMs = when === 'during' ? (fate.doneAfterMs ?? 2) : 2;
  const everyNs = (toNs - fromNs) / Math.max(1, done);
  return {
    planned,
    correct,
    done,
    outcomes: { ok: correct, ...(correct < planned ? { error: planned - correct } : {}) },
    response: EMPTY_SERIES,
    completion: seriesOf(done, { leastMs, tailMs: 1 }, 1, fromNs, everyNs),
  };
}

function hopsOf(stage: Stage, spans: readonly Span[], fate: Fate): Hops {
  const { scenario, which, rates, faults } = stage;
  const topology = topologyOf(scenario, which.variant);
  const startNs = Math.min(...faults.map(({ atMs }) => atMs)) * 1e6;
  const act = { edge: topology?.edges[0]?.id ?? '', policy: 'circuit-breaker', what: 'opened' };
  const opens = [
    ...Array.from({ length: fate.opensFalsely ?? 0 }, (_, i) => 0.1e9 * (i + 1)),
    ...(fate.acts ? [startNs + 0.3e9] : []),
  ];
  const services = topology?.services ?? [{ id: 'service' }];
  return hopsSchema.parse({
    endpoints: [...rates.keys()].map((operation) => ({
      operation,
      title: scenario.endpoints.find((one) => one.operation === operation)?.title ?? operation,
      objectiveNs: (scenario.objectiveMs ?? 250) * 1e6,
      windows: windowsOf(stage, operation, fate),
      phases: spans.map((span) => ({
        name: span.name,
        degraded: 0,
        ...countsIn(stage, span, fate, [operation]),
      })),
    })),
    edges: (topology?.edges ?? []).map((edge) => {
      const own = [...rates.keys()].filter((operation) => goesOver(edge, operation));
      return {
        id: edge.id,
        from: services[edge.from]!.id,
        to: services[edge.to]!.id,
        transport: edge.transport,
        interaction: edge.interaction,
        policies: [],
        objectiveNs: 250e6,
        windows: [],
        phases: spans.map((span) => {
          const { planned, outcomes } = countsIn(stage, span, fate, own);
          const isOn = whenIn(stage, (span.fromNs + span.toNs) / 2) === 'during';
          const attempts = Math.round(planned * (isOn ? (fate.tries ?? 1) : 1));
          return {
            name: span.name,
            expected: planned,
            calls: planned,
            attempts,
            outcomes,
            attemptOutcomes: {},
            failedFast: 0,
            fallbacks: 0,
            policyCounts: {},
            ok: EMPTY_SERIES,
            failed: EMPTY_SERIES,
          };
        }),
      };
    }),
    services: services.map(({ id }, i) => {
      const isLast = i === services.length - 1;
      return { id, phases: [], backlog: isLast ? backlogOf(fate) : null };
    }),
    transitions: opens.map((atNs) => ({
      edge: act.edge,
      policy: act.policy,
      atNs,
      to: 'opened',
      cause: 'told',
    })),
    admissions: [],
    protections: opens.map((atNs) => ({ ...act, atNs })),
    torn: 0,
  });
}

function windowsOf(stage: Stage, operation: string, fate: Fate): Hops['endpoints'][number]['windows'] {
  const everyNs = 1e9 / stage.rates.get(operation)!;
  const count = Math.floor((stage.scenario.durationMs * 1e6) / everyNs / WINDOW_ARRIVALS);
  return Array.from({ length: count }, (_, i) => {
    const fromNs = i * WINDOW_ARRIVALS * everyNs;
    const share = shareOf(operation, whenIn(stage, fromNs), fate);
    return {
      fromNs,
      toNs: fromNs + (WINDOW_ARRIVALS - 1) * everyNs,
      planned: WINDOW_ARRIVALS,
      healthy: Math.round(WINDOW_ARRIVALS * share),
    };
  });
}

/** A result of a shipped scenario without faults: five rounds, each trial's latencies and what else is told of it. */
export async function measuredResult(
  name: string,
  emit: (which: Pick<Which, 'pattern' | 'variant'>) => {
    readonly wait: Shape;
    readonly done?: Shape;
    readonly more?: Partial<Trial>;
  },
): Promise<Result> {
  const { scenario } = await loadScenario(name, []);
  const trials: Trial[] = [];
  const variants = scenario.variants.length > 0 ? scenario.variants.map(({ id }) => id) : [null];
  for (let round = 1; round <= 5; round++) {
    for (const { id: pattern } of scenario.patterns) {
      for (const variant of variants) {
        const { wait, done = wait, more } = emit({ pattern, variant });
        const id = trials.length + 1;
        trials.push(
          trialOf({ id, pattern, variant, round, phases: [phaseOf(400, wait, done, id * 10)], ...more }),
        );
      }
    }
  }
  const patterns = scenario.patterns.map(({ id, title, transport, interaction }) => {
    return { ...REST, id, title, transport, interaction };
  });
  return resultSchema.parse(resultOf(patterns, trials, { scenario }));
}
