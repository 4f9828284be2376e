import type { ServerResponse } from 'node:http';
import { type Guest, type HttpRequest, openHost, reply } from '../http/host.ts';
import { STATUS_OF } from '../http/status.ts';
import type { Handled } from '../../kernel/contract.ts';
import type { Handler, ServeContext, Server } from '../../kernel/transport.ts';
import type { RestOptions } from './options.ts';
import { readRequest } from './read-request.ts';

const NO_CONTENT = 204;

/** The service's side of REST. */
export function serveRest(handler: Handler, context: ServeContext<RestOptions>): Promise<Server> {
  const guest: Guest = { receive: (request, response) => receive(request, response, handler), refuse };
  return openHost(guest, context.options, context.address);
}

function receive(request: HttpRequest, response: ServerResponse, handler: Handler): void {
  const asked = readRequest(request);
  switch (asked.kind) {
    case 'nowhere':
      return refuse(response, STATUS_OF['not-found'], `No ${request.method} ${request.url} here`);
    case 'bad':
      return refuse(response, STATUS_OF['bad-request'], asked.detail);
    case 'message': {
      const { operation, body, status } = asked;
      const message = { operation, body, envelope: request.envelope, redelivered: false };
      // No catch: a handler that rejects could not record its effect, and must end the service.
      void handler(message).then((handled) => answer(response, status, handled));
    }
  }
}

function answer(response: ServerResponse, status: number, handled: Handled): void {
  if (handled.kind === 'done')
    return reply(response, status, status === NO_CONTENT ? undefined : handled.body);
  reply(response, STATUS_OF[handled.status], {
    error: handled.detail,
    effect: handled.noEffect ? 'none' : 'unknown',
  });
}

/** Our own refusals come before any work: they have no effect, and are marked so. */
function refuse(response: ServerResponse, status: number, error: string): void {
  reply(response, status, { error, effect: 'none' });
}
