import { mergeSeries } from '../../measure/figures/histogram.ts';
import type { Phase } from '../../measure/figures/figures.ts';
import { checked, type MeasuredTrial, type SelftestCheck } from './check.ts';
import { msText, quantileMs, workOf, workSeries } from './figures.ts';
import { DELAYED, DELAY_MS } from './trials.ts';
import type { ResolvedPattern } from '../../plan/spec.ts';

const TOLERANCE_MS = 0.6;
const TOLERANCE = `± ${TOLERANCE_MS} ms`;

/**
 * A constant hold H moves the median by H, over the same service's without it: p50(held) = p50(free) + H,
 * as no message comes while another is held. The free part lies on both sides of the held one, half before
 * and half after it, so that a steady drift adds nothing.
 * Held is one subscriber only. Where there are others the first completion stays where it was.
 */
export function delayChecks(pattern: ResolvedPattern, seen: MeasuredTrial): SelftestCheck[] {
  const { phases } = seen.trial;
  const held = phases.find((phase) => phase.name === DELAYED)!;
  const free = phases.filter((phase) => phase !== held);
  const p50Of = (seriesOf: (phase: Phase) => Phase['completion']) => ({
    freeMs: quantileMs(mergeSeries(free.map(seriesOf)), 0.5),
    delayedMs: quantileMs(seriesOf(held), 0.5),
  });
  const work = p50Of((phase) => workSeries(pattern, phase));
  const movedMs = work.delayedMs - work.freeMs;
  const hold = checked(pattern, seen, {
    name: 'hold',
    seeded: msText(DELAY_MS),
    reported: `${workOf(pattern)} p50 ${msText(movedMs)} above the ${msText(work.freeMs)} without`,
    tolerance: TOLERANCE,
    passed: Math.abs(movedMs - DELAY_MS) <= TOLERANCE_MS,
  });
  if (pattern.subscribers === 1) return [hold];
  const first = p50Of((phase) => phase.firstCompletion!);
  const other = checked(pattern, seen, {
    name: 'delay, subscriber without it',
    seeded: `first completion p50 as without a delay, ${msText(first.freeMs)}`,
    reported: msText(first.delayedMs),
    tolerance: TOLERANCE,
    passed: Math.abs(first.delayedMs - first.freeMs) <= TOLERANCE_MS,
  });
  return [hold, other];
}
