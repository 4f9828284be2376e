import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import type { Handled } from '../../../src/kernel/contract.ts';
import { encodeEnvelope, ENVELOPE_HEADER } from '../../../src/kernel/envelope.ts';
import type { Incoming } from '../../../src/kernel/transport.ts';
import { restOptionsSchema } from '../../../src/transports/rest/options.ts';
import { parts } from '../../../src/transports/rest/parts.ts';

const envelope = { trial: 1, stage: 'measured', sequence: 4, attempt: 1, key: 2, deadlineNs: 0 } as const;
const JSON_TYPE = { 'content-type': 'application/json' };
const headers = { [ENVELOPE_HEADER]: encodeEnvelope(envelope), ...JSON_TYPE };

const HOSTS = ['node', 'fastify'] as const;
type Host = (typeof HOSTS)[number];

async function serveBy(host: Host, handled: Handled = { kind: 'done', body: { id: 'u1' } }) {
  const serveRest = await parts.serve();
  const seen: Incoming[] = [];
  const server = await serveRest(
    async (message) => {
      seen.push(message);
      return handled;
    },
    {
      options: restOptionsSchema.parse({ host, maxBodyBytes: 2000 }),
      interaction: 'request-reply',
      concurrency: 4,
      subscriber: 0,
      address: undefined,
    },
  );
  const post = async (path: string, body: string, extra: Parameters<typeof request>[1] = {}) => {
    const response = await request(`${server.address.url}${path}`, {
      method: 'POST',
      headers,
      body,
      ...extra,
    });
    return { status: response.statusCode, body: await response.body.json() };
  };
  return { seen, post, server, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** What the service promises: the client takes "none" for "nothing happened". */
const REFUSED = { error: expect.any(String) as string, effect: 'none' };

describe.each(HOSTS)('the REST server on %s', (host) => {
  const serve = (handled?: Handled) => serveBy(host, handled);

  it('serves on loopback only', async () => {
    await using rest = await serve();
    expect(rest.server.address.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('creates a user with 201', async () => {
    await using rest = await serve();
    const body = { email: 'ada@example.com', name: 'Ada' };
    expect(await rest.post('/users', JSON.stringify(body))).toEqual({ status: 201, body: { id: 'u1' } });
    expect(rest.seen).toEqual([{ operation: 'createUser', body, envelope, redelivered: false }]);
  });

  it.each([
    ['bad-request', 400],
    ['not-found', 404],
    ['overloaded', 503],
    ['deadline-passed', 504],
    ['internal', 500],
  ] as const)('answers %s with %d and what it promises', async (status, code) => {
    await using promising = await serve({ kind: 'failed', status, noEffect: true, detail: 'why' });
    expect(await promising.post('/users', '{}')).toEqual({
      status: code,
      body: { error: 'why', effect: 'none' },
    });
    await using unsure = await serve({ kind: 'failed', status, noEffect: false, detail: 'why' });
    expect(await unsure.post('/users', '{}')).toEqual({
      status: code,
      body: { error: 'why', effect: 'unknown' },
    });
  });

  it.each([
    ['a path that is not there', 404, '/nowhere', '{}', {}],
    ['another method', 404, '/users', '{}', { method: 'PUT' as const }],
    ['no envelope', 400, '/users', '{}', { headers: JSON_TYPE }],
    [
      'an envelope that is none',
      400,
      '/users',
      '{}',
      { headers: { ...JSON_TYPE, [ENVELOPE_HEADER]: '1.2' } },
    ],
    ['a body that is no JSON', 400, '/users', '{', {}],
    ['a body too large', 413, '/users', 'x'.repeat(2001), {}],
  ])('refuses %s before any work, with %d', async (_what, status, path, body, extra) => {
    await using rest = await serve();
    expect(await rest.post(path, body, extra)).toEqual({ status, body: REFUSED });
    expect(rest.seen).toEqual([]);
  });

  it('reads a body of just the allowed size', async () => {
    await using rest = await serve();
    const body = JSON.stringify('x'.repeat(1998));
    expect((await rest.post('/users', body)).status).toBe(201);
  });

  it('says which port is taken', async () => {
    await using rest = await serve();
    const { address } = rest.server;
    const serveRest = await parts.serve();
    const again = serveRest(async () => ({ kind: 'done', body: {} }), {
      options: restOptionsSchema.parse({ host }),
      interaction: 'request-reply',
      concurrency: 1,
      subscriber: 0,
      address,
    });
    await expect(again).rejects.toMatchObject({
      code: 'port-taken',
      message: expect.stringContaining(new URL(address.url).port) as string,
    });
  });
});
