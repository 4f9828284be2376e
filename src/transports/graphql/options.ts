import { z } from 'zod';
import { HTTP_OPTIONS } from '../http/options.ts';

/** Options of the GraphQL transport: those of HTTP, and what only GraphQL has. */
export const graphqlOptionsSchema = z.strictObject({
  ...HTTP_OPTIONS,
  fields: z
    .enum(['all', 'few'])
    .default('all')
    .describe('fields of a user that the caller asks for: all of them, or the id alone'),
  cachedDocuments: z
    .number()
    .int()
    .min(0)
    .max(100_000)
    .default(1000)
    .describe('documents that the service keeps parsed and validated; 0 = it does both for every request'),
});
export type GraphqlOptions = z.infer<typeof graphqlOptionsSchema>;
