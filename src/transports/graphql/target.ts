import type { OperationDefinitionNode } from 'graphql';
import { z } from 'zod';
import { clientText, targetConnectionsText } from '../http/client-facts.ts';
import { alpnOfHttp, headersSchema, HTTP_CREDENTIALS, httpVersionSchema } from '../http/target.ts';
import type { TargetSupport } from '../../kernel/transport.ts';
import { operationNames } from './operation-names.ts';
import type { GraphqlOptions } from './options.ts';

const targetSchema = z.strictObject({
  document: z
    .string()
    .min(1)
    .max(100_000)
    .describe(
      'the query, mutation or subscription, the same text for every call; use `variables` for values',
    ),
  operationName: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('name of the operation, if the document has several'),
  variables: z.record(z.string(), z.json()).default({}).describe('variables of the document, with {{holes}}'),
  headers: headersSchema,
  httpVersion: httpVersionSchema,
  connectionParams: z
    .record(z.string(), z.json())
    .optional()
    .describe(
      'over ws:// and wss://: payload of connection_init, where many servers expect the login; values may have {{env NAME}}',
    ),
  success: z
    .strictObject({
      notNull: z
        .union([z.string().min(1).max(200), z.array(z.string().min(1).max(200)).max(50)])
        .default([])
        .describe('paths below `data` that must exist: user.id'),
    })
    .prefault({})
    .describe('conditions of success besides the absence of `errors`'),
});
export type GraphqlTarget = z.infer<typeof targetSchema>;

/** A GraphQL endpoint of the user's own. */
export const graphqlTarget: TargetSupport<GraphqlOptions, GraphqlTarget> = {
  settings: targetSchema,
  shared: ['httpVersion', 'connectionParams'],
  streams: true,
  takes: 'body',
  alpn: alpnOfHttp,
  credentials: HTTP_CREDENTIALS,
  problems: ({ document, operationName }) => documentProblems(document, operationName),
  acknowledgedBy: ({ success }) => {
    const paths = [success.notNull].flat();
    const beside = paths.length > 0 ? ` and with ${paths.map((path) => `data.${path}`).join(', ')}` : '';
    return `the target, by an answer without errors${beside}`;
  },
  fairness: (options, { pathname, protocol }, { document, httpVersion }) => ({
    ...(/^wss?:/.test(protocol)
      ? {
          requests: `${pathname}, ${operationNames(document).join(', ')}`,
          protocol: 'WebSocket (graphql-transport-ws), graphql-ws and undici as the client',
          connections: 'one, which all operations share',
        }
      : {
          requests: `POST ${pathname}, ${operationNames(document).join(', ')}`,
          protocol: `HTTP/${httpVersion}, ${clientText(options)} as the client`,
          connections: targetConnectionsText(options, httpVersion),
        }),
    encoding: 'JSON; the whole document goes with every request (no persisted queries)',
    noDelay: 'in the client; unknown for the target',
    retries: 'none: a lost reply stays unknown',
  }),
};

type Found = Awaited<ReturnType<TargetSupport['problems'] & {}>>[number];

/** The library is loaded for a scenario with such a target, and for no other. */
async function documentProblems(document: string, operationName: string | undefined): Promise<Found[]> {
  const { GraphQLError, Kind, parse } = await import('graphql');
  try {
    const operations = parse(document, { maxTokens: 10_000 }).definitions.filter(
      (one): one is OperationDefinitionNode => one.kind === Kind.OPERATION_DEFINITION,
    );
    return nameProblems(operations, operationName);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return [{ path: ['document'], message: `Expected a GraphQL document, found ${error.message}` }];
  }
}

function nameProblems(
  operations: readonly OperationDefinitionNode[],
  operationName: string | undefined,
): Found[] {
  const named = operations.flatMap(({ name }) => name?.value ?? []);
  const isThere = operationName === undefined || named.includes(operationName);
  const of = `Expected the name of an operation of the document (${named.join(', ') || 'it names none'})`;
  if (!isThere) return [{ path: ['operationName'], message: `${of}, found ${operationName}` }];
  if (operationName !== undefined || operations.length < 2) return [];
  return [{ path: ['operationName'], message: `${of}, as it has several, found nothing` }];
}
