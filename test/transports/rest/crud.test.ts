import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import { contractByName } from '../../../src/contracts/contracts.ts';
import type { Handled } from '../../../src/kernel/contract.ts';
import { encodeEnvelope, ENVELOPE_HEADER } from '../../../src/kernel/envelope.ts';
import type { Incoming } from '../../../src/kernel/transport.ts';
import { connectRest } from '../../../src/transports/rest/client.ts';
import { restOptionsSchema } from '../../../src/transports/rest/options.ts';
import { parts } from '../../../src/transports/rest/parts.ts';

const envelope = { trial: 1, stage: 'measured', sequence: 4, attempt: 1, key: 2, deadlineNs: 0 } as const;
const HOSTS = ['node', 'fastify'] as const;

/** Caller and service over a real socket; `seen` is what the handler got. */
async function openOn(host: (typeof HOSTS)[number], handle?: (message: Incoming) => Handled) {
  const options = restOptionsSchema.parse({ host });
  const serveRest = await parts.serve();
  const { operations, implement } = contractByName('users');
  const perform = implement();
  const seen: Incoming[] = [];
  const stack = new AsyncDisposableStack();
  const server = stack.use(
    await serveRest(
      async (message) => {
        seen.push(message);
        return handle ? handle(message) : perform(message.operation, message.body, message.envelope);
      },
      { options, interaction: 'request-reply', concurrency: 4, subscriber: 0, address: undefined },
    ),
  );
  const connection = stack.use(await connectRest(server.address, { options, interaction: 'request-reply' }));
  const send = (operation: string, body: unknown) => connection.send({ operation, body, envelope });
  const raw = async (method: 'GET' | 'PUT' | 'DELETE' | 'POST', path: string, body?: string) => {
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const headers = { [ENVELOPE_HEADER]: encodeEnvelope(envelope), ...type };
    const response = await request(`${server.address.url}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    return { status: response.statusCode, text: await response.body.text() };
  };
  return { operations, seen, send, raw, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

describe.each(HOSTS)('CRUD over REST on %s', (host) => {
  const open = (handle?: (message: Incoming) => Handled) => openOn(host, handle);

  it.each(['createUser', 'getUser', 'listUsers', 'updateUser', 'deleteUser'])(
    'does %s: the handler sees what was sent, the reply holds the contract',
    async (operation) => {
      await using rest = await open();
      for (let index = 0; index < 20; index++) {
        const body = rest.operations[operation]!.request(1, index);
        const result = await rest.send(operation, body);
        expect(rest.seen.at(-1)).toEqual({ operation, body, envelope, redelivered: false });
        expect(result).toMatchObject({ kind: 'reply' });
        const reply = result.kind === 'reply' ? result.body : undefined;
        expect(rest.operations[operation]!.check(body, reply)).toBeUndefined();
      }
    },
  );

  it.each([
    ['GET', '/users/u-1', 200, 'getUser', { id: 'u-1' }],
    ['GET', '/users/%2F%3F%20', 404, 'getUser', { id: '/? ' }],
    ['GET', '/users?page_size=2&page_token=', 200, 'listUsers', { page_size: 2, page_token: '' }],
    ['GET', '/users?page_size=two&page_token=', 400, 'listUsers', { page_size: 'two', page_token: '' }],
    ['GET', '/users?page_size=', 400, 'listUsers', { page_size: '' }],
    ['GET', '/users', 400, 'listUsers', {}],
    ['DELETE', '/users/u-1', 204, 'deleteUser', { id: 'u-1' }],
  ] as const)('%s %s: %d, %s', async (method, path, status, operation, body) => {
    await using rest = await open();
    expect((await rest.raw(method, path)).status).toBe(status);
    expect(rest.seen).toMatchObject([{ operation, body }]);
    expect(rest.seen[0]!.body).toEqual(body);
  });

  it('takes the id of a PUT from the path, whatever its body says', async () => {
    await using rest = await open();
    const given = { id: 'u-2', email: 'ada@example.com', name: 'Ada', status: 'INACTIVE' };
    const { status, text } = await rest.raw('PUT', '/users/u-1', JSON.stringify(given));
    expect({ status, user: JSON.parse(text) as unknown }).toMatchObject({
      status: 200,
      user: { ...given, id: 'u-1' },
    });
  });

  it.each([
    ['GET', '/users/%E0%A4%A', 400],
    ['GET', '/users/u-1/more', 404],
    ['PUT', '/users', 404],
    ['DELETE', '/users', 404],
    ['POST', '/users/u-1', 404],
  ] as const)('refuses %s %s before any work: %d', async (method, path, status) => {
    await using rest = await open();
    const { status: found, text } = await rest.raw(method, path);
    expect({ found, effect: (JSON.parse(text) as { effect: unknown }).effect }).toEqual({
      found: status,
      effect: 'none',
    });
    expect(rest.seen).toEqual([]);
  });

  it('says 404 for a user who is not there, with no effect', async () => {
    await using rest = await open();
    for (const operation of ['getUser', 'deleteUser']) {
      expect(await rest.send(operation, { id: 'nobody' })).toMatchObject({
        kind: 'failure',
        outcome: 'error',
        status: 404,
        noEffect: true,
      });
    }
  });

  it('reads and deletes with an id that a path could not hold as it is', async () => {
    const id = 'a/b?c=d&e #%é';
    await using rest = await open(() => ({ kind: 'done', body: {} }));
    await rest.send('getUser', { id });
    await rest.send('deleteUser', { id });
    expect(rest.seen.map(({ body }) => body)).toEqual([{ id }, { id }]);
  });

  it('walks through all pages by their tokens', async () => {
    await using rest = await open();
    const ids = new Set<string>();
    let token = '';
    do {
      const result = await rest.send('listUsers', { page_size: 100, page_token: token });
      if (result.kind !== 'reply') throw new Error(`Expected a page, found ${JSON.stringify(result)}`);
      const page = result.body as { users: { id: string }[]; next_page_token: string };
      for (const { id } of page.users) ids.add(id);
      token = page.next_page_token;
    } while (token !== '');
    expect(ids.size).toBe(1000);
  });
});
