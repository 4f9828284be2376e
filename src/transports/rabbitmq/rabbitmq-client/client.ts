import { isAnswered } from '../../../contracts/interactions.ts';
import type { Address, ConnectContext, Connection } from '../../../kernel/transport.ts';
import { routeOf } from '../names.ts';
import type { RabbitmqOptions } from '../options.ts';
import { closeRabbitConnection, openRabbitConnection } from './connection.ts';
import { createConfirmedPublisher } from './publisher.ts';
import { createChannelRequester } from './requester.ts';

/** The caller by rabbitmq-client, on one connection: callers that wait for a reply request, all others publish. */
export async function connectByRabbitmqClient(
  address: Address,
  { options, interaction }: ConnectContext<RabbitmqOptions>,
): Promise<Connection> {
  const route = routeOf(address, interaction);
  const connection = await openRabbitConnection(address.url, options);
  const createCaller = isAnswered(interaction) ? createChannelRequester : createConfirmedPublisher;
  const caller = await createCaller(connection, route, options);
  return {
    send: caller.send,
    [Symbol.asyncDispose]: () => closeRabbitConnection(connection, caller.close()),
  };
}
