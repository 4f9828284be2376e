import { z } from 'zod';
import { MAX_DURATION_MS } from '../../../kernel/load-shape.ts';

/** A duration in a scenario, in whole ms. */
export const ms = (min: number) => z.number().int().min(min).max(MAX_DURATION_MS);
