import { firstRate } from '../../kernel/load-shape.ts';
import { draw } from '../../kernel/random.ts';
import type { PairedKind } from '../../plan/paired-scenario.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import type { Entry, ResolvedPattern, TrialSpec } from '../../plan/spec.ts';
import { switchbackBlocks } from '../../plan/switchback-blocks.ts';
import { specOf } from '../../plan/trial-plan.ts';
import { type AbDesign, ARM_IDS, type ArmId } from './record.ts';

/** The order of arms in a pair: drawn for each pattern, so that no drift favours one arm. */
export function armOrder(seed: number, pair: number, patternIndex: number): readonly [ArmId, ArmId] {
  return draw(seed, 'ab order', pair, patternIndex + 1) < 0.5 ? ['b', 'a'] : ['a', 'b'];
}

/** Position of a trial: the same in both arms but for its id, which is unique in the run. */
export interface AbPosition {
  readonly pair: number;
  readonly patternIndex: number;
  readonly patternCount: number;
  readonly arm: ArmId;
}

export function abEntry(
  { pair, patternIndex, patternCount, arm }: AbPosition,
  pattern: Pick<ResolvedPattern, 'id'>,
  kind: PairedKind,
): Entry {
  const before = ((pair - 1) * patternCount + patternIndex) * ARM_IDS.length;
  const id = before + ARM_IDS.indexOf(arm) + 1;
  return { id, round: pair, pattern: pattern.id, variant: null, kind, case: null };
}

export interface ArmPlan {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly mode: AbDesign['mode'];
  readonly kind: PairedKind;
}

/** One arm's trial of a pair: both have the same arrivals, or in switchback complementary blocks. */
export function abSpec(
  { scenario, seed, mode, kind }: ArmPlan,
  place: AbPosition,
  pattern: ResolvedPattern,
): TrialSpec {
  const spec = specOf(abEntry(place, pattern, kind), { scenario, seed, pattern });
  if (mode === 'pairs') return spec;
  const blocks = switchbackBlocks(seed, place.pair, firstRate(spec.load.shape), spec.load.durationMs);
  return { ...spec, load: { ...spec.load, durationMs: blocks.durationMs, ...blocks[place.arm] } };
}
