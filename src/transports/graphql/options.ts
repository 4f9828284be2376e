import { z } from 'zod';
import { wholeNumber } from '../../kernel/bounded.ts';
import { HTTP_OPTIONS } from '../http/options.ts';

/** Options of the GraphQL transport: those of HTTP, and what only GraphQL has. */
export const graphqlOptionsSchema = z.strictObject({
  ...HTTP_OPTIONS,
  fields: z
    .enum(['all', 'few'])
    .default('all')
    .describe('fields of a user that the caller requests: all, or the id alone'),
  host: z
    .enum(['graphql-http', 'yoga'])
    .default('graphql-http')
    .describe("the service's GraphQL server: graphql-http, or GraphQL Yoga with its own executor"),
  cachedDocuments: wholeNumber(0, 100_000)
    .default(1000)
    .describe('parsed and validated documents that the service caches; 0 = none'),
});
export type GraphqlOptions = z.infer<typeof graphqlOptionsSchema>;
