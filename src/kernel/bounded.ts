import { z } from 'zod';

/** Schemas of numbers from `min` to `max`, both included. */

export function boundedNumber(min: number, max: number): z.ZodNumber {
  return z.number().min(min).max(max);
}

export function wholeNumber(min: number, max: number): z.ZodNumber {
  return z.number().int().min(min).max(max);
}
