/** Bounds on everything a scenario may ask for: load is bounded in time and count. */
export const MAX_RATE_PER_S = 50_000;
export const MAX_DURATION_MS = 3_600_000;
export const MAX_ARRIVALS = 5_000_000;

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

/** Arrivals per second with which a load begins. */
export function firstRate(load: LoadShape): number {
  if (load.shape === 'steps') return load.steps[0]!.ratePerS;
  return load.shape === 'ramp' ? load.fromPerS : load.ratePerS;
}
