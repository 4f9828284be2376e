import type { Block, LoadShape } from '../kernel/load-shape.ts';
import { draw } from '../kernel/random.ts';
import type { PhaseWindow } from './kinds/timeline/timeline.ts';

/** Of each block: what is left out after the switch, and how long it is in all. */
export const SWITCHBACK = { washoutMs: 50, blockMs: 250, fewestCouples: 4 } as const;

/** When one arm has the load, and how its trial is cut into phases. */
export interface ArmBlocks {
  readonly shape: Extract<LoadShape, { shape: 'blocks' }>;
  readonly phases: readonly PhaseWindow[];
}

export interface SwitchbackBlocks {
  readonly durationMs: number;
  readonly a: ArmBlocks;
  readonly b: ArmBlocks;
}

/**
 * Switchback: time is cut into couples of equally long blocks, one for each arm, and which of the two comes first is
 * drawn for each couple, so that neither a drift nor a rhythm of the machine favours an arm. Both arms' blocks are
 * made of the one drawing: together they are all of the time, and never two at once.
 *
 * The phases of both trials lie alike in time, without gaps. `block-3` of one arm and `block-3` of the other are
 * neighbours, and are to be compared; `switch-3` before each is its settling. What has no arrival is `silent-…`.
 * @param loadedMs how long each arm has the load, rounded up to whole blocks
 */
export function switchbackBlocks(
  seed: number,
  pair: number,
  ratePerS: number,
  loadedMs: number,
): SwitchbackBlocks {
  const couples = Math.max(SWITCHBACK.fewestCouples, Math.ceil(loadedMs / SWITCHBACK.blockMs));
  const isTurned = Array.from({ length: couples }, (_, i) => draw(seed, 'switchback', pair, i + 1) < 0.5);
  return {
    durationMs: 2 * couples * SWITCHBACK.blockMs,
    a: armBlocks(isTurned, ratePerS),
    b: armBlocks(
      isTurned.map((turned) => !turned),
      ratePerS,
    ),
  };
}

/** @param isSecond of each couple: whether this arm's block is the second */
function armBlocks(isSecond: readonly boolean[], ratePerS: number): ArmBlocks {
  const { washoutMs, blockMs } = SWITCHBACK;
  const starts = isSecond.map((second, couple) => (2 * couple + (second ? 1 : 0)) * blockMs);
  const ends = [0, ...starts.map((fromMs) => fromMs + blockMs)];
  const blocks: Block[] = starts.map((fromMs, i) => ({ silentMs: fromMs - ends[i]!, forMs: blockMs }));
  const phases = starts.flatMap((fromMs, i): PhaseWindow[] => [
    { name: `silent-${i + 1}`, fromMs: ends[i]!, toMs: fromMs },
    { name: `switch-${i + 1}`, fromMs, toMs: fromMs + washoutMs },
    { name: `block-${i + 1}`, fromMs: fromMs + washoutMs, toMs: fromMs + blockMs },
  ]);
  const toMs = 2 * isSecond.length * blockMs;
  const last: PhaseWindow = { name: `silent-${isSecond.length + 1}`, fromMs: ends.at(-1)!, toMs };
  return {
    shape: { shape: 'blocks', ratePerS, blocks },
    phases: [...phases, last].filter((phase) => phase.toMs > phase.fromMs),
  };
}
