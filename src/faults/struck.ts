import { draw } from '../kernel/random.ts';
import type { Struck } from './fault.ts';

/**
 * A message facing one fault, with that fault's own draws (DESIGN 3.15): two faults of one seed draw differently.
 * Planned and injected counts both use it.
 */
export function struck(
  { seed, fault }: { readonly seed: number; readonly fault: string },
  { sequence, attempt, begun }: Pick<Struck, 'sequence' | 'attempt' | 'begun'>,
): Struck {
  return {
    sequence,
    attempt,
    begun,
    draw: (purpose) => draw(seed, `fault ${fault} ${purpose}`, sequence, attempt),
    // Attempts count from 1.
    drawOfArrival: (purpose) => draw(seed, `fault ${fault} ${purpose}`, sequence, 0),
  };
}
