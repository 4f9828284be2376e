import { firstRate } from '../kernel/load-shape.ts';
import { draw, shuffled } from '../kernel/random.ts';
import type { Result } from '../results/record.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { PhaseWindow, PlannedFault, Row, TrialSpec } from './spec.ts';

type Entry = Result['order'][number];

/** Settling: arrivals per window, fewer at low rates; and how many windows at most until it counts as not stationary. */
const SETTLE = { fewest: 20, most: 100, windowMs: 1000, maxWindows: 6 } as const;
const FLOOR_MS = 2000;

/**
 * Which trials run, in which order (DESIGN 2): the floors first, then rounds, each in an order of
 * its own drawn from the seed, and last the trials that take a callee away.
 */
export function orderTrials(
  scenario: Scenario,
  rows: readonly Pick<Row, 'id' | 'target'>[],
  seed: number,
): Entry[] {
  const kinds: { kind: Entry['kind']; round: number }[] = [];
  if (scenario.floor) kinds.push({ kind: 'null', round: 0 });
  for (let round = 1; round <= scenario.rounds; round++) kinds.push({ kind: 'latency', round });
  if (scenario.outage) kinds.push({ kind: 'outage', round: scenario.rounds + 1 });
  const entries = kinds.flatMap(({ kind, round }) =>
    shuffled(rows, seed, 'order', round)
      // A target of the user's own has no floor of ours, and is never taken away.
      .filter((row) => kind === 'latency' || row.target === undefined)
      .map((row) => ({ round, pattern: row.id, variant: null, kind })),
  );
  return entries.map((entry, i) => ({ id: i + 1, ...entry }));
}

/** All of one trial, from its place in the order. */
export function specOf(entry: Entry, scenario: Scenario, row: Row, seed: number): TrialSpec {
  const { phases, faults, durationMs } = timeline(entry.kind, scenario);
  const floor = entry.kind === 'null';
  return {
    id: entry.id,
    round: entry.round,
    kind: entry.kind,
    row,
    contract: floor ? 'null' : scenario.contract,
    mix: floor ? [{ operation: 'nothing', share: 1 }] : scenario.mix,
    keys: scenario.keys,
    // Every row of a round gets the same arrivals.
    seed: Math.floor(draw(seed, 'trial', entry.round) * 0xffffffff),
    load: scenario.load,
    durationMs,
    phases,
    deadlineMs: scenario.deadlineMs,
    drainMs: scenario.drainMs,
    service: {
      slots: scenario.service.slots,
      queue: scenario.service.queue,
      holdMs: floor ? 0 : scenario.service.holdMs,
      plants: null,
    },
    warmUp:
      scenario.warmUp.calls === 0
        ? null
        : {
            calls: scenario.warmUp.calls,
            concurrency: scenario.warmUp.concurrency,
            forMs: scenario.warmUp.probeMs,
          },
    settle: scenario.warmUp.calls === 0 ? null : settling(scenario),
    faults,
  };
}

function settling({ load }: Scenario): NonNullable<TrialSpec['settle']> {
  const inWindow = Math.round((firstRate(load) * SETTLE.windowMs) / 1000);
  return { window: Math.min(SETTLE.most, Math.max(SETTLE.fewest, inWindow)), maxWindows: SETTLE.maxWindows };
}

function timeline(
  kind: Entry['kind'],
  scenario: Scenario,
): { phases: PhaseWindow[]; faults: PlannedFault[]; durationMs: number } {
  const { outage } = scenario;
  if (kind !== 'outage' || !outage) {
    const durationMs = kind === 'null' ? Math.min(FLOOR_MS, scenario.durationMs) : scenario.durationMs;
    return { phases: [{ name: 'baseline', fromMs: 0, toMs: durationMs }], faults: [], durationMs };
  }
  const lifted = outage.atMs + outage.forMs;
  const durationMs = lifted + outage.recoveryMs;
  const phases: PhaseWindow[] = [
    { name: 'baseline', fromMs: 0, toMs: outage.atMs },
    { name: 'outage', fromMs: outage.atMs, toMs: lifted },
    { name: 'recovery', fromMs: lifted, toMs: durationMs },
  ];
  return {
    phases: phases.filter((p) => p.toMs > p.fromMs),
    faults: [{ do: outage.do, on: 'service', atMs: outage.atMs, forMs: outage.forMs }],
    durationMs,
  };
}

/** Seconds that the whole order will take on a usual machine: start, warm-up, settling, load, draining. */
export function estimateSeconds(order: readonly Entry[], scenario: Scenario): number {
  const settlingS =
    scenario.warmUp.calls > 0 ? (2.5 * settling(scenario).window) / firstRate(scenario.load) : 0;
  const around = 1.5 + scenario.warmUp.probeMs / 1000 + settlingS;
  return order.reduce((sum, e) => sum + around + timeline(e.kind, scenario).durationMs / 1000, 0);
}
