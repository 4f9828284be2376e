import { GraphQLError } from 'graphql';
import type { Envelope } from '../../kernel/envelope.ts';
import type { Handler } from '../../kernel/transport.ts';
import { failureExtensions } from './failure-codes.ts';
import { OPERATIONS, rootField } from './schema.ts';

/** The request of a resolver. */
// No interface: graphql-http requires a context with any key readable.
export type CallContext = {
  readonly handler: Handler;
  readonly envelope: Envelope;
};

type Resolver = (args: unknown, context: CallContext) => Promise<unknown>;

/** The roots of the schema: each field hands its arguments to the service, as the message's body. */
export const RESOLVERS: Readonly<Record<string, Resolver>> = Object.fromEntries(
  OPERATIONS.map((operation) => [rootField(operation), (body, context) => perform(operation, body, context)]),
);

async function perform(
  operation: string,
  body: unknown,
  { handler, envelope }: CallContext,
): Promise<unknown> {
  const work = handler({ operation, body, envelope, redelivered: false });
  // Subtle: graphql would make a reply of a rejection. But a handler that rejects could not record its effect, and must
  // end the service: this second branch of the promise has no catch.
  void work.then(ignore);
  const handled = await work;
  if (handled.kind === 'done') return handled.body;
  const extensions = { ...failureExtensions(handled.status, handled.noEffect) };
  throw new GraphQLError(handled.detail, { extensions });
}

function ignore(): void {}
