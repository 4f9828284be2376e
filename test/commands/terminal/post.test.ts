import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { postText } from '../../../src/commands/terminal/post.ts';

interface Posted {
  readonly request: IncomingMessage;
  readonly body: string;
}

let posted: Posted[];
let status: number;
let url: string;
let server: ReturnType<typeof createServer>;
beforeEach(async () => {
  [posted, status] = [[], 200];
  server = createServer((request, response) => {
    void text(request).then((body) => {
      posted.push({ request, body });
      response.writeHead(status, { location: '/elsewhere' }).end(status === 200 ? '' : 'no such tenant');
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/metrics`;
});
afterEach(() => void server.close());

test('a server gets the text, its type, and the headers of the environment', async () => {
  await postText(url, '{"a":1}', 'application/json', {
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20x, x-tenant = 7',
  });
  expect(posted.map(({ body }) => body)).toEqual(['{"a":1}']);
  const { request } = posted[0]!;
  expect([request.method, request.url]).toEqual(['POST', '/v1/metrics']);
  expect(request.headers).toMatchObject({
    'content-type': 'application/json',
    authorization: 'Bearer x',
    'x-tenant': '7',
  });
});

test('a refusal is an error with what the server said, and shows no password', async () => {
  status = 403;
  const failed = postText(url.replace('//', '//me:hunter2@'), 'x');
  await expect(failed).rejects.toMatchObject({ code: 'cannot-write' });
  await expect(failed).rejects.toThrow('did not take the report: HTTP 403 no such tenant');
  await expect(failed).rejects.not.toThrow('hunter2');
  expect(posted[0]!.request.headers.authorization).toBe(`Basic ${btoa('me:hunter2')}`);
});

test.each([
  ['a header that is not encoded', 'token=100%', ''],
  ['a user that is not encoded', '', 'a%zz:b@'],
])('%s is sent as it is or refused, and no defect', async (_what, headers, user) => {
  const sent = postText(url.replace('//', `//${user}`), 'x', 'text/plain', {
    OTEL_EXPORTER_OTLP_HEADERS: headers,
  });
  await expect(sent).rejects.toMatchObject({ code: 'cannot-write', exitCode: 6 });
  expect(posted).toEqual([]);
});

test('secrets do not follow a redirection', async () => {
  status = 307;
  await expect(postText(url, 'x')).rejects.toMatchObject({ code: 'cannot-write' });
  expect(posted).toHaveLength(1);
});

test('nobody there is an error of the environment', async () => {
  server.close();
  await once(server, 'close');
  await expect(postText(url, 'x')).rejects.toMatchObject({ code: 'cannot-write', exitCode: 6 });
});
