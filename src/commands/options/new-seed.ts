import { draw } from '../../kernel/random.ts';

/** Runs of different seeds are different samples; the seed is printed, and `replay` uses it again. */
export function newSeed(): number {
  return Math.floor(draw(process.pid, 'seed', Date.now()) * 1_000_000);
}
