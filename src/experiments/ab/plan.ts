import { firstRate } from '../../kernel/load-shape.ts';
import { draw } from '../../kernel/random.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import type { Row, TrialSpec } from '../../plan/spec.ts';
import { switchbackBlocks } from '../../plan/switchback-blocks.ts';
import { specOf } from '../../plan/trial-plan.ts';
import type { Entry } from '../../plan/entry.ts';
import { type AbDesign, ARM_IDS, type ArmId } from './record.ts';

/** Which arm comes first in a pair: drawn for each row of it, so that no drift favours one. */
export function armOrder(seed: number, pair: number, rowIndex: number): readonly [ArmId, ArmId] {
  return draw(seed, 'ab order', pair, rowIndex + 1) < 0.5 ? ['b', 'a'] : ['a', 'b'];
}

/** Where a trial stands; the same in both arms but for its id, which no other trial of the run has. */
export interface AbPlace {
  readonly pair: number;
  readonly rowIndex: number;
  readonly rowCount: number;
  readonly arm: ArmId;
}

export function abEntry({ pair, rowIndex, rowCount, arm }: AbPlace, row: Pick<Row, 'id'>): Entry {
  const before = ((pair - 1) * rowCount + rowIndex) * ARM_IDS.length;
  const id = before + ARM_IDS.indexOf(arm) + 1;
  return { id, round: pair, pattern: row.id, variant: null, kind: 'latency', case: null };
}

export interface ArmPlan {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly mode: AbDesign['mode'];
}

/** One arm's trial of a pair: both have the same arrivals, or in switchback blocks of the one drawing. */
export function abSpec({ scenario, seed, mode }: ArmPlan, place: AbPlace, row: Row): TrialSpec {
  const spec = specOf(abEntry(place, row), { scenario, seed, row });
  if (mode === 'pairs') return spec;
  const blocks = switchbackBlocks(seed, place.pair, firstRate(spec.load), spec.durationMs);
  return { ...spec, durationMs: blocks.durationMs, ...blocks[place.arm] };
}
