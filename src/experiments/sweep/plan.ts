import { draw, shuffled } from '../../kernel/random.ts';
import type { Row, TrialSpec } from '../../plan/spec.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import type { RateLook } from '../search/rate-look.ts';
import { lengthMs, rateSpec, type Wanted } from '../search/rate-trial.ts';
import type { StepStrategy } from '../search/search.ts';

/** One point of the plan, to be measured once a round. */
export interface Rung {
  readonly row: Row;
  readonly ratePerS: number;
}

/** A row goes no further up after so many rates in a row that it did not keep. */
const NOT_KEPT_AT_MOST = 2;

/** From `from` to `to` in so many steps of one factor; three digits, as people read them. */
export function ladder({ from, to, steps }: { from: number; to: number; steps: number }): number[] {
  const factor = (to / from) ** (1 / Math.max(1, steps - 1));
  const rates = Array.from({ length: steps }, (_, i) => Number((from * factor ** i).toPrecision(3)));
  return [...new Set(rates)];
}

/** Every rung of every round: the first round finds out how far up each row goes; the others repeat it. */
export function* sweepSteps(
  rows: readonly Row[],
  { rates, rounds }: { readonly rates: readonly number[]; readonly rounds: number },
  seed: number,
): StepStrategy<Rung & { readonly round: number }, RateLook> {
  const looks = new Map<Row, RateLook[]>(rows.map((row) => [row, []]));
  const ran: Rung[] = [];
  for (const rung of firstRound(rows, rates, seed).flat()) {
    const own = looks.get(rung.row)!;
    if (isStopped(own)) continue;
    own.push(yield { ...rung, round: 1 });
    ran.push(rung);
  }
  for (let round = 2; round <= rounds; round++) {
    for (const rung of laterRound(ran, seed, round)) yield { ...rung, round };
  }
}

/** Rows at one rate in the first round, in drawn order. */
export function firstRound(rows: readonly Row[], rates: readonly number[], seed: number): Rung[][] {
  return rates.map((ratePerS, i) => shuffled(rows, seed, 'sweep rows', i).map((row) => ({ row, ratePerS })));
}

/** What the first round ran, in drawn order: so that no drift of the machine looks like load. */
export function laterRound(ran: readonly Rung[], seed: number, round: number): Rung[] {
  return shuffled(ran, seed, 'sweep round', round);
}

/** Above this, nothing of the row would be learnt any more. @param looks of its rates so far, ascending */
export function isStopped(looks: readonly RateLook[]): boolean {
  const last = looks.slice(-NOT_KEPT_AT_MOST);
  // A disturbed instant of the machine says nothing of the rate.
  return (
    last.length === NOT_KEPT_AT_MOST && last.every(({ limit }) => limit !== null && limit !== 'disturbed')
  );
}

interface Plan extends Wanted {
  readonly scenario: Scenario;
  readonly rounds: number;
  readonly seed: number;
}

/** Every row of a round gets the same arrivals at one rate. */
export function rungSpec(plan: Plan, { row, ratePerS }: Rung, at: { id: number; round: number }): TrialSpec {
  const { scenario, rounds, seed } = plan;
  const durationMs = lengthMs(ratePerS, rounds, plan);
  const spec = rateSpec(scenario, seed, row, { ...at, ratePerS, durationMs, kind: 'latency' });
  return { ...spec, seed: Math.floor(draw(seed, `sweep ${ratePerS}`, at.round) * 0xffffffff) };
}
