import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createHttp2Server, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { Message } from '../../src/kernel/transport.ts';
import { kafkaRecordOf } from '../../src/transports/kafka/codec.ts';
import { loadTransportDefinition, loadTransportParts } from '../../src/transports/discover.ts';
import { propertiesOf } from '../../src/transports/rabbitmq/wire.ts';

const TRACEPARENT = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
const MESSAGE: Message = {
  operation: 'createUser',
  body: { name: 'Ada', email: 'ada@example.com' },
  envelope: { trial: 1, stage: 'measured', sequence: 0, attempt: 1, key: 0, deadlineNs: 0 },
};
const TRACED: Message = { ...MESSAGE, envelope: { ...MESSAGE.envelope, traceparent: TRACEPARENT } };

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

/** A server that notes one header of every request, and answers nothing of use. */
async function noting(version: 1 | 2): Promise<{ url: string; seen: (string | undefined)[] }> {
  const seen: (string | undefined)[] = [];
  const note = (headers: Readonly<Record<string, unknown>>) =>
    seen.push(headers['traceparent'] as string | undefined);
  const server =
    version === 1
      ? createServer((request, response) => {
          note(request.headers);
          response.writeHead(500).end('{}');
        })
      : createHttp2Server().on('stream', (stream, headers) => {
          note(headers);
          stream.on('error', () => undefined);
          (stream as ServerHttp2Stream).respond({ ':status': 500 }, { endStream: true });
        });
  servers.push(server as Server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

test.each([
  ['rest', 'undici', 1],
  ['rest', 'fetch', 1],
  ['graphql', 'undici', 1],
  ['grpc', 'grpc-js', 2],
  ['grpc', 'connect', 2],
] as const)(
  '%s by %s sends the trace context of a traced message, and none without',
  async (name, client, version) => {
    const { url, seen } = await noting(version);
    const { options } = await loadTransportDefinition(name);
    const open = await (await loadTransportParts(name)).connect();
    await using connection = await open(
      { url },
      { options: options.parse({ client }), interaction: 'request-reply' },
    );
    await connection.send(TRACED, { signal: AbortSignal.timeout(5000) });
    await connection.send(MESSAGE, { signal: AbortSignal.timeout(5000) });
    expect(seen).toEqual([TRACEPARENT, undefined]);
  },
);

test('messages over brokers have it in a header, with either library', () => {
  expect(propertiesOf(TRACED).headers['traceparent']).toBe(TRACEPARENT);
  expect(propertiesOf(MESSAGE).headers).not.toHaveProperty('traceparent');
  expect(kafkaRecordOf('topic', TRACED).headers['traceparent']).toBe(TRACEPARENT);
  expect(kafkaRecordOf('topic', MESSAGE).headers).not.toHaveProperty('traceparent');
});
