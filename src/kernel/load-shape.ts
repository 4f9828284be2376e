import { z } from 'zod';

/** Bounds on everything a scenario may ask for: load is bounded in time and count. */
export const MAX_RATE_PER_S = 50_000;
export const MAX_DURATION_MS = 3_600_000;
export const MAX_ARRIVALS = 5_000_000;

const ratePerS = z.number().positive().max(MAX_RATE_PER_S);

const stepSchema = z.strictObject({ ratePerS, forMs: z.number().int().positive().max(MAX_DURATION_MS) });
/** One rate for so long. */
export type Step = z.infer<typeof stepSchema>;

const blockSchema = z.strictObject({
  silentMs: z.number().int().min(0).max(MAX_DURATION_MS),
  forMs: z.number().int().positive().max(MAX_DURATION_MS),
});
/** No arrival for `silentMs`, then the load for `forMs`. */
export type Block = z.infer<typeof blockSchema>;

/** How arrivals are spread over time (DESIGN 3.1). Rates are arrivals per second. */
export const loadShapeSchema = z.discriminatedUnion('shape', [
  z.strictObject({ shape: z.literal('constant'), ratePerS }),
  z.strictObject({ shape: z.literal('ramp'), fromPerS: ratePerS, toPerS: ratePerS }),
  z.strictObject({
    shape: z.literal('spike'),
    ratePerS,
    peakPerS: ratePerS,
    atMs: z.number().int().min(0).max(MAX_DURATION_MS),
    forMs: z.number().int().positive().max(MAX_DURATION_MS),
  }),
  z.strictObject({ shape: z.literal('poisson'), ratePerS }),
  z.strictObject({ shape: z.literal('steps'), steps: z.array(stepSchema).min(1).max(100) }),
  z.strictObject({ shape: z.literal('blocks'), ratePerS, blocks: z.array(blockSchema).min(1).max(1000) }),
]);
export type LoadShape = z.infer<typeof loadShapeSchema>;

/** Arrivals per second with which a load begins. */
export function firstRate(load: LoadShape): number {
  if (load.shape === 'steps') return load.steps[0]!.ratePerS;
  return load.shape === 'ramp' ? load.fromPerS : load.ratePerS;
}
