import { z } from 'zod';
import { HTTP_OPTIONS } from '../http/options.ts';

/** Options of the REST transport: those of HTTP, and no others. */
export const restOptionsSchema = z.strictObject(HTTP_OPTIONS);
export type RestOptions = z.infer<typeof restOptionsSchema>;
