import { draw } from '../../src/kernel/random.ts';

/** Numbers drawn one after the other, the same for the same seed and purpose. */
export interface Noise {
  /** In [0, 1). */
  next(): number;
  /** Standard normal (Box & Muller 1958). */
  normal(): number;
  /** Student's t with so many degrees of freedom, scaled to a standard deviation of 1; more than 2. */
  heavy(degrees: number): number;
}

export function noiseOf(seed: number, purpose: string): Noise {
  let index = 0;
  const next = () => draw(seed, purpose, index++);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const heavy = (degrees: number) => {
    const squares = Array.from({ length: degrees }, normal).reduce((sum, z) => sum + z * z, 0);
    return normal() / Math.sqrt(squares / degrees) / Math.sqrt(degrees / (degrees - 2));
  };
  return { next, normal, heavy };
}

/** What is left of the last value, and something new: autocorrelated, with a standard deviation of 1. */
export function autocorrelated(noise: Noise, correlation: number): () => number {
  let value = noise.normal();
  return () => {
    const now = value;
    value = correlation * value + Math.sqrt(1 - correlation ** 2) * noise.normal();
    return now;
  };
}
