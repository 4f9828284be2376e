import { NS_PER_MS } from '../kernel/clock.ts';
import type { Series } from '../measure/figures.ts';
import { quantileUs } from '../measure/histogram.ts';
import type { Seen, SelftestCheck } from './selftest-check.ts';
import type { Row } from './spec.ts';

const HOLD_MS = 20;
const HOLD_TOLERANCE_MS = 0.6;
const FREEZE_TOLERANCE = 0.03;

/** Where the pattern's own work shows: the reply, or the effect. */
function seriesOf(row: Row, { trial }: Seen): { what: string; series: Series } {
  const phase = trial.phases[0]!;
  return row.interaction === 'request-reply'
    ? { what: 'response', series: phase.response }
    : { what: 'completion', series: phase.completion };
}

const ms = (x: number) => `${x.toFixed(x < 100 ? 2 : 0)} ms`;
const quantileMs = (series: Series, q: number) => (quantileUs(series, q) ?? Number.NaN) / 1000;

/** A constant hold of 20 ms at less than half use moves the median by itself, over the same transport's floor. */
export function holdCheck(row: Row, floor: Seen, hold: Seen): SelftestCheck {
  const { what, series } = seriesOf(row, hold);
  const floorMs = quantileMs(seriesOf(row, floor).series, 0.5);
  const heldMs = quantileMs(series, 0.5) - floorMs;
  return {
    name: `${row.title}: hold`,
    planted: ms(HOLD_MS),
    reported: `${what} p50 ${ms(heldMs)} above the null service's ${ms(floorMs)}`,
    tolerance: `± ${HOLD_TOLERANCE_MS} ms`,
    passed: Math.abs(heldMs - HOLD_MS) <= HOLD_TOLERANCE_MS,
    ...disturbance(hold),
  };
}

/** On a busy machine a deviation may be the machine's. */
function disturbance({ trial }: Seen): { note?: string } {
  const causes = trial.measurement.causes.map((c) => c.detail);
  return causes.length === 0 ? {} : { note: causes.join('; ') };
}

/**
 * A service frozen for F at rate r: the k-th latest of the held arrivals waits F - (k-1)/r and then
 * for k messages to be worked off. F is from the signals' own clock, the drain from the effect log.
 */
export function freezeChecks(row: Row, seen: Seen): SelftestCheck[] {
  const { trial, raw } = seen;
  const { what, series } = seriesOf(row, seen);
  const fault = raw.faults[0]!;
  const frozenMs = (fault.liftedNs! - fault.injectedNs!) / NS_PER_MS;
  const thawNs = raw.arrivals.startNs + fault.liftedNs!;
  const ledger = trial.ledgers[0]!;
  const once = ledger.accepted.done1;
  const counts: SelftestCheck = {
    name: `${row.title}: service frozen, counts`,
    planted: `${trial.planned} of ${trial.planned}, each once`,
    reported: `${trial.phases[0]!.correct} correct, ${once} done once`,
    tolerance: 'none',
    passed: trial.phases[0]!.correct === trial.planned && once === trial.planned,
  };
  const ratePerMs = trial.planned / (trial.phases[0]!.toNs / NS_PER_MS);
  const quantiles = [0.9, 0.99, 0.999].map((q): SelftestCheck => {
    const beyond = Math.round(trial.planned * (1 - q));
    const expectedMs = frozenMs - beyond / ratePerMs + drainMs(raw, thawNs, beyond + 1);
    const reportedMs = quantileMs(series, q);
    return {
      name: `${row.title}: service frozen, ${what} p${q * 100}`,
      planted: ms(expectedMs),
      reported: ms(reportedMs),
      tolerance: '± 3 %',
      passed: Math.abs(reportedMs / expectedMs - 1) <= FREEZE_TOLERANCE,
    };
  });
  return [counts, ...quantiles];
}

/** From the thaw until `count` messages were done, by the effect log. */
function drainMs(raw: Seen['raw'], thawNs: number, count: number): number {
  const after = raw.effects.filter((e) => e.stage === 'measured' && e.completedNs >= thawNs);
  const last = after[count - 1];
  return last === undefined ? Number.NaN : (last.completedNs - thawNs) / NS_PER_MS;
}

/** A generator frozen: its own lag shows it, service time does not, and the trial is called generator-bound. */
export function generatorFreezeChecks(row: Row, { trial, raw }: Seen): SelftestCheck[] {
  const phase = trial.phases[0]!;
  const fault = raw.faults[0]!;
  const frozenMs = (fault.liftedNs! - fault.injectedNs!) / NS_PER_MS;
  const ratePerMs = trial.planned / (phase.toNs / NS_PER_MS);
  const expectedMs = frozenMs - Math.round(trial.planned * 0.01) / ratePerMs;
  const lagMs = quantileMs(phase.dispatchLag, 0.99);
  const serviceMs = quantileMs(phase.serviceTime, 0.99);
  const p50Ms = quantileMs(phase.serviceTime, 0.5);
  const before = serviceP50Before(raw, fault.injectedNs!);
  const name = `${row.title}: generator frozen`;
  return [
    {
      name: `${name}, lag`,
      planted: `dispatch lag p99 ${ms(expectedMs)}`,
      reported: ms(lagMs),
      tolerance: '± 3 %',
      passed: Math.abs(lagMs / expectedMs - 1) <= FREEZE_TOLERANCE,
    },
    {
      name: `${name}, service time`,
      planted: `p50 ${ms(before)} as before the freeze, p99 below ${ms(lagMs / 10)}`,
      reported: `p50 ${ms(p50Ms)}, p99 ${ms(serviceMs)}`,
      tolerance: 'p50 ± 0.5 ms or 25 %',
      passed: Math.abs(p50Ms - before) <= Math.max(0.5, before / 4) && serviceMs < lagMs / 10,
    },
    {
      name: `${name}, verdict`,
      planted: `generator-bound, although all ${trial.planned} were sent`,
      reported: `${[...new Set(trial.measurement.causes.map((c) => c.cause))].join(', ') || 'valid'}, ${trial.planned - (phase.outcomes.unsent ?? 0)} sent`,
      tolerance: 'none',
      passed: trial.measurement.causes.some((c) => c.cause === 'generator-bound') && !phase.outcomes.unsent,
    },
  ];
}

/** Exact median service time (ms) of the arrivals that were answered before the freeze. */
function serviceP50Before({ arrivals }: Seen['raw'], injectedNs: number): number {
  const end = arrivals.startNs + injectedNs;
  const took = [...arrivals.outcome.keys()]
    .filter((i) => arrivals.outcome[i] === 1 && arrivals.acknowledgedNs[i]! < end)
    .map((i) => arrivals.acknowledgedNs[i]! - arrivals.dispatchedNs[i]!)
    .toSorted((a, b) => a - b);
  return took[Math.ceil(took.length / 2) - 1]! / NS_PER_MS;
}

/** What the service itself wrote down as planted, against what the ledger found. */
export function plantChecks(row: Row, { trial, raw }: Seen, log: string): SelftestCheck[] {
  const planted = log
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { plant: string; sequence: number });
  const of = (plant: string) => planted.filter((p) => p.plant === plant).map((p) => p.sequence);
  const ledger = trial.ledgers[0]!;
  const check = (plant: string, word: string, found: number, byItself = 0): SelftestCheck => {
    const expected = of(plant);
    const named = ledger.examples[word] ?? [];
    return {
      name: `${row.title}: ${WORDS[word]}`,
      planted: `message ${expected.join(', ') || '(none was planted)'}`,
      reported: `${found}: message ${named.join(', ')}`,
      tolerance: 'none',
      passed:
        expected.length > 0 &&
        found === expected.length + byItself &&
        expected.every((sequence) => named.includes(sequence)),
      ...(byItself > 0 && { note: `${byItself} more were really out of order in the effect log` }),
    };
  };
  const unplanned = overtaken(raw).filter((sequence) => !of('reorder').includes(sequence));
  return [
    check('lose', 'lost', ledger.lost),
    check('double', 'duplicates', ledger.duplicates),
    check('reorder', 'outOfOrder', ledger.outOfOrder, unplanned.length),
  ];
}

const WORDS: Readonly<Record<string, string>> = {
  lost: 'a lost message',
  duplicates: 'a message done twice',
  outOfOrder: 'a message out of order',
};

/** Sequences written after a later one of the same key, read straight from the effect log's order. */
function overtaken({ effects }: Seen['raw']): number[] {
  const measured = effects.filter((e) => e.stage === 'measured');
  return measured
    .filter((e, i) => measured.findIndex((other) => other.sequence === e.sequence) === i)
    .filter((e) => {
      const before = measured.slice(0, measured.indexOf(e));
      return before.some((other) => other.key === e.key && other.sequence > e.sequence);
    })
    .map((e) => e.sequence);
}
