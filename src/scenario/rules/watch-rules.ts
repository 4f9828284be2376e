import { z } from 'zod';
import { type FaultSpec, faultSpecSchema, isHarmful } from '../../faults/faults.ts';
import { wholeNumber } from '../../kernel/bounded.ts';
import { RECOVERED_WINDOWS, WINDOW_ARRIVALS } from '../../measure/hops/hop-figures.ts';
import { ms } from '../../plan/kinds/timeline/duration.ts';
import type { Mix } from '../../kernel/operation-choice.ts';
import { mixOf, requestFields } from '../schema/target-requests.ts';
import { loadShapeSchema } from '../schema/load-shape-schema.ts';
import { type Placed, placed } from './fault-rules.ts';
import { type Breach, rule } from './rule.ts';

const watched = {
  faults: z.array(faultSpecSchema),
  cases: z.array(z.looseObject({ faults: z.array(faultSpecSchema) })),
  load: loadShapeSchema,
  durationMs: ms(100),
  mix: z.array(z.looseObject({ operation: z.string(), share: z.number().positive() })).min(1),
  targets: z.record(z.string(), z.looseObject(requestFields)),
  watchRecovery: z.boolean(),
  rounds: wholeNumber(1, 100),
};

/** A window may have begun before the fault was lifted. */
const NEEDED = (RECOVERED_WINDOWS + 1) * WINDOW_ARRIVALS;

/** A recovery must be visible: the arrivals of each endpoint after the last fault fill the windows of its rule. */
export const WATCH_RULE = rule(watched, (scenario): Breach[] => {
  const { load, durationMs, watchRecovery, mix, targets } = scenario;
  // Of a varying load the arrivals after a fault are not told by a rate.
  if (!watchRecovery || load.shape !== 'constant') return [];
  const own = Object.values(targets).filter(({ operations, flows }) => operations ?? flows);
  const rarest = [mix, ...own.map(mixOf)].map(rarestOf).toSorted((a, b) => a.share - b.share);
  const [{ operation, share }] = rarest as [(typeof rarest)[number]];
  const perS = load.ratePerS * share;
  const harmful = placed(scenario).filter(({ fault }) => isHarmful(fault));
  return lastOnes(harmful).flatMap(({ fault, path }): Breach[] => {
    const arrivals = Math.floor((perS * (durationMs - endOf(fault))) / 1000);
    if (arrivals >= NEEDED) return [];
    const leastMs = Math.ceil(endOf(fault) + (1000 * NEEDED) / perS);
    const message =
      `Too short to see a recovery: ${arrivals} arrivals of ${operation} follow the fault, and ${NEEDED} are needed ` +
      `(durationMs ${leastMs}). Raise durationMs or the load, or set watchRecovery: false`;
    return [{ path: [...path, 'forMs'], message }];
  });
});

/** The operation with the smallest share of the arrivals, from 0 to 1. */
function rarestOf(mix: Mix): Mix[number] {
  const shares = mix.reduce((sum, { share }) => sum + share, 0);
  const { operation, share } = mix.toSorted((a, b) => a.share - b.share)[0]!;
  return { operation, share: share / shares };
}

/** The fault that ends last, of each timeline. */
function lastOnes(all: readonly Placed[]): Placed[] {
  const timelines = Map.groupBy(all, ({ path }) => path.slice(0, -1).join('.'));
  return [...timelines.values()].map((own) => own.toSorted((a, b) => endOf(b.fault) - endOf(a.fault))[0]!);
}

function endOf({ atMs, forMs }: FaultSpec): number {
  return atMs + forMs;
}
