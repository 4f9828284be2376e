import { isAnswered } from '../../contracts/interactions.ts';
import type { Address, ConnectContext, Connection } from '../../kernel/transport.ts';
import { openRabbitmqLink } from './link.ts';
import { routeOf } from './names.ts';
import type { RabbitmqOptions } from './options.ts';
import { createPublisher, writeEnveloped } from './publisher.ts';
import { createRequester } from './requester.ts';

/** The caller, on one connection that is re-established: callers that wait for a reply request, all others publish. */
export async function connectRabbitmq(
  address: Address,
  { options, interaction }: ConnectContext<RabbitmqOptions>,
): Promise<Connection> {
  const route = routeOf(address, interaction);
  const caller = isAnswered(interaction)
    ? createRequester(route, options)
    : createPublisher(writeEnveloped(route), options);
  const link = await openRabbitmqLink(address.url, options, caller);
  return { send: caller.send, [Symbol.asyncDispose]: () => link[Symbol.asyncDispose]() };
}
