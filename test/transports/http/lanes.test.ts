import type { Client, Dispatcher } from 'undici';
import { expect, test } from 'vitest';
import { HttpExchange } from '../../../src/transports/http/exchange.ts';
import { createHttpLanes } from '../../../src/transports/http/lanes.ts';
import type { Message } from '../../../src/kernel/transport.ts';

/** One connection, whose requests begin when the test says so: between the two is the client's own preparation. */
function oneConnection() {
  const given: Dispatcher.DispatchHandler[] = [];
  const client = {
    dispatch(_request: unknown, handler: Dispatcher.DispatchHandler) {
      given.push(handler);
      return true;
    },
  } as unknown as Client;
  const lanes = createHttpLanes([client], 1);
  const send = () => {
    const dialect = { requestOf: () => ({ path: '/', method: 'POST' }) as const };
    const exchange = new HttpExchange({} as Message, dialect, lanes, undefined);
    lanes.take(exchange);
    return exchange;
  };
  const answer = (handler: Dispatcher.DispatchHandler) => {
    const controller = { abort: () => undefined } as unknown as Dispatcher.DispatchController;
    handler.onRequestStart?.(controller, {});
    handler.onResponseStart?.(controller, 204, {}, '');
    handler.onResponseEnd?.(controller, {});
  };
  return { given, send, answer };
}

test('a call that finds an idle connection did not wait, whatever its client does before it writes', async () => {
  const { given, send, answer } = oneConnection();
  const exchange = send();
  answer(given[0]!);
  expect(await exchange.result).toMatchObject({ kind: 'reply', waitedNs: 0 });
});

test('one that finds all of them busy waits until one is free', async () => {
  const { given, send, answer } = oneConnection();
  const [first, second, refused] = [send(), send(), send()];
  expect(given).toHaveLength(1);
  expect(await refused.result).toMatchObject({ outcome: 'refused', noEffect: true });
  answer(given[0]!);
  answer(given[1]!);
  expect(await first.result).toMatchObject({ waitedNs: 0 });
  const waited = await second.result;
  expect(waited.waitedNs).toBeGreaterThan(0);
});
