import type { Block, LoadShape } from '../kernel/load-shape.ts';
import { draw } from '../kernel/random.ts';
import type { PhaseWindow } from './kinds/timeline/timeline.ts';

/** The discarded washout after each switch, the length of a block, and the least number of couples. */
export const SWITCHBACK = { washoutMs: 50, blockMs: 250, fewestCouples: 4 } as const;

/** The times at which one arm has the load, and the phases of its trial. */
interface ArmBlocks {
  readonly shape: Extract<LoadShape, { shape: 'blocks' }>;
  readonly phases: readonly PhaseWindow[];
}

export interface SwitchbackBlocks {
  readonly durationMs: number;
  readonly a: ArmBlocks;
  readonly b: ArmBlocks;
}

/**
 * Switchback: time is cut into couples of equal blocks, one for each arm. The first of each couple is drawn, so that
 * neither drift nor a rhythm of the machine favours an arm.
 * Both arms' blocks come from one drawing: together they fill all of the time, and never overlap. The phases of both
 * trials coincide, without gaps.
 * `block-3` of one arm is compared with its neighbour, `block-3` of the other; `switch-3` before each is its washout.
 * Phases without arrivals are `silent-…`.
 * @param loadedMs time under load of each arm, rounded up to whole blocks
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

/** @param isSecond for each couple: whether this arm's block is the second */
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
