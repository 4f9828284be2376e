/** Bounds on everything a scenario may ask for: load is bounded in time and count. */
export const MAX_RATE_PER_S = 50_000;
/** An hour then has 36 arrivals. */
export const MIN_RATE_PER_S = 0.01;
export const MAX_DURATION_MS = 3_600_000;
export const MAX_ARRIVALS = 5_000_000;
/**
 * Rate that the generator sustains on two shared cores, with the service beside it (docs/evidence/bench.md): the limit
 * of a busy block.
 */
export const MAX_BUSY_PER_S = 5000;

/** A constant rate for a duration. */
export interface Step {
  ratePerS: number;
  forMs: number;
}

/** No arrival for `silentMs`, then the load for `forMs`. */
export interface Block {
  silentMs: number;
  forMs: number;
}

/** The distribution of arrivals over time (DESIGN 3.1). Rates are arrivals per second. */
export type LoadShape =
  | { shape: 'constant'; ratePerS: number }
  | { shape: 'ramp'; fromPerS: number; toPerS: number }
  | { shape: 'spike'; ratePerS: number; peakPerS: number; atMs: number; forMs: number }
  | { shape: 'poisson'; ratePerS: number }
  | { shape: 'steps'; steps: Step[] }
  | { shape: 'blocks'; ratePerS: number; blocks: Block[] };

/** The fastest moment of a load. */
export function peakPerS(load: LoadShape): number {
  switch (load.shape) {
    case 'constant':
    case 'poisson':
    case 'blocks':
      return load.ratePerS;
    case 'ramp':
      return Math.max(load.fromPerS, load.toPerS);
    case 'spike':
      return Math.max(load.ratePerS, load.peakPerS);
    case 'steps':
      return Math.max(0, ...load.steps.map((step) => step.ratePerS));
  }
}

/** Arrivals per second with which a load begins. */
export function firstRate(load: LoadShape): number {
  if (load.shape === 'steps') return load.steps[0]!.ratePerS;
  return load.shape === 'ramp' ? load.fromPerS : load.ratePerS;
}
