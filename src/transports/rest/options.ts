import { z } from 'zod';
import { HTTP_OPTIONS } from '../http/options.ts';

/** Options of the REST transport: those of HTTP, and the service's host. */
export const restOptionsSchema = z.strictObject({
  ...HTTP_OPTIONS,
  host: z
    .enum(['node', 'fastify'])
    .default('node')
    .describe("the service's host: bare node:http, or Fastify with its router, body parser and replies"),
});
export type RestOptions = z.infer<typeof restOptionsSchema>;
