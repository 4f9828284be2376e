import { loadCatalogue } from '../../transports/discover.ts';
import { estimateSeconds, formatEstimate } from '../../plan/estimate.ts';
import { resolveRows, type RowChoice } from '../../plan/rows.ts';
import type { Trial } from '../../record/record.ts';
import { formatRate } from '../../report/format.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { neededBy } from '../../trial/environment/broker-set.ts';
import { type Design, single, type Stage, type Steps } from '../loop/design.ts';
import { rateLookOf } from '../search/rate-look.ts';
import { search } from '../search/search.ts';
import { type Rung, rungSpec, sweepSteps } from './plan.ts';
import type { SweepDesign, SweepPlace } from './record.ts';

export interface SweepPlan extends RowChoice {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly design: SweepDesign;
}

/** Every row at every rate, upwards until it keeps up no more. */
export async function sweepDesign(plan: SweepPlan): Promise<Design<SweepDesign, SweepPlace>> {
  const { scenario, seed, design } = plan;
  const rows = await resolveRows(scenario, plan, await loadCatalogue());
  const once = rows.flatMap((row) =>
    design.rates.map((ratePerS) => rungSpec(wantedBy(plan), { row, ratePerS }, { id: 1, round: 1 })),
  );
  const seconds = design.rounds * estimateSeconds(once);
  return {
    experiment: 'sweep',
    scenario,
    rows,
    needed: neededBy(rows),
    design,
    // Rows that keep up no more are left out.
    estimate: `At most ${formatEstimate(seconds)} for ${design.rounds * once.length} trials (seed ${seed})`,
    steps: (stage) => stepsOf(plan, stage),
  };
}

async function* stepsOf(
  plan: SweepPlan,
  { rows, record }: Stage<SweepDesign, SweepPlace>,
): Steps<SweepPlace> {
  const { design, seed } = plan;
  yield* search(sweepSteps(rows, design, seed), {
    plan: (rung) => [single(trialOf(plan, rung, record.trials.length + 1))],
    outcomeOf: ([trial]) => rateLookOf(trial!),
    isOver: () => false,
  });
}

function trialOf(plan: SweepPlan, rung: Rung & { readonly round: number }, id: number) {
  const { row, ratePerS, round } = rung;
  return {
    spec: rungSpec(wantedBy(plan), rung, { id, round }),
    place: { ratePerS },
    label: { name: `${row.title} at ${formatRate(ratePerS)}, round ${round} of ${plan.design.rounds}` },
    summaryOf: lookText,
  };
}

function lookText(trial: Trial): string {
  const { limit, why } = rateLookOf(trial);
  return limit === null ? 'kept' : [limit, why].filter(Boolean).join(': ');
}

function wantedBy({ scenario, seed, design: { rounds, quantile, objective } }: SweepPlan) {
  const most = Math.max(quantile, objective?.quantile ?? 0);
  return { scenario, rounds, seed, drawn: quantile, quantile: most };
}
