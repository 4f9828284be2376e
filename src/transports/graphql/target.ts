import { GraphQLError, Kind, type OperationDefinitionNode, parse } from 'graphql';
import { z } from 'zod';
import { headersSchema } from '../http/target.ts';
import type { TargetSupport } from '../../kernel/transport.ts';
import type { GraphqlOptions } from './options.ts';

const targetSchema = z.strictObject({
  document: z
    .string()
    .min(1)
    .max(100_000)
    .describe('the query or mutation, the same text for every call; what differs goes into `variables`'),
  operationName: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('which operation of the document, of several'),
  variables: z.record(z.string(), z.json()).default({}).describe('of the document, with {{holes}}'),
  headers: headersSchema,
  success: z
    .strictObject({
      notNull: z
        .union([z.string().min(1).max(200), z.array(z.string().min(1).max(200)).max(50)])
        .default([])
        .describe('paths below `data` at which something must stand: user.id'),
    })
    .prefault({})
    .describe('beside an answer without `errors`'),
});
export type GraphqlTarget = z.infer<typeof targetSchema>;

/** A GraphQL endpoint of the user's own. */
export const graphqlTarget: TargetSupport<GraphqlOptions, GraphqlTarget> = {
  protocols: ['http:'],
  settings: targetSchema,
  problems: async ({ document, operationName }) => documentProblems(document, operationName),
  acknowledgedBy: ({ success }) => {
    const paths = [success.notNull].flat();
    const beside = paths.length > 0 ? ` and with ${paths.map((path) => `data.${path}`).join(', ')}` : '';
    return `the target, by an answer without errors${beside}`;
  },
  fairness: (options, { pathname }, { document }) => ({
    requests: `POST ${pathname}, ${operationText(document)}`,
    protocol: 'HTTP/1.1, undici as the client',
    connections: `up to ${options.connections}, kept alive where the target does, one request at a time on each`,
    encoding: 'JSON; the whole document goes with every request (no persisted queries)',
    noDelay: 'in the client; not known of the target',
    retries: 'none: a lost reply stays unknown',
  }),
};

type Found = Awaited<ReturnType<TargetSupport['problems'] & {}>>[number];

function documentProblems(document: string, operationName: string | undefined): Found[] {
  try {
    const named = operationsIn(document).flatMap(({ name }) => name?.value ?? []);
    const isThere = operationName === undefined || named.includes(operationName);
    const of = `Expected the name of an operation of the document (${named.join(', ') || 'it names none'})`;
    const wrongName = { path: ['operationName'], message: `${of}, found ${operationName}` };
    const several = { path: ['operationName'], message: `${of}, as it has several, found nothing` };
    if (!isThere) return [wrongName];
    return operationName === undefined && operationsIn(document).length > 1 ? [several] : [];
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return [{ path: ['document'], message: `Expected a GraphQL document, found ${error.message}` }];
  }
}

function operationsIn(document: string): OperationDefinitionNode[] {
  return parse(document, { maxTokens: 10_000 }).definitions.filter(
    (one) => one.kind === Kind.OPERATION_DEFINITION,
  );
}

function operationText(document: string): string {
  return operationsIn(document)
    .map(({ operation, name }) => `${operation} ${name?.value ?? ''}`.trim())
    .join(', ');
}
