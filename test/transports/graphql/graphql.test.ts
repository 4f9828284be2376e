import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import { contractByName } from '../../../src/contracts/contracts.ts';
import type { FailureStatus, Handled } from '../../../src/kernel/contract.ts';
import { encodeEnvelope, ENVELOPE_HEADER } from '../../../src/kernel/envelope.ts';
import type { Incoming, Reply } from '../../../src/kernel/transport.ts';
import { connectGraphql } from '../../../src/transports/graphql/client.ts';
import { graphqlOptionsSchema } from '../../../src/transports/graphql/options.ts';
import { parts } from '../../../src/transports/graphql/parts.ts';

const envelope = { trial: 1, stage: 'measured', sequence: 4, attempt: 1, key: 2, deadlineNs: 0 } as const;
const USERS = ['createUser', 'getUser', 'listUsers', 'updateUser', 'deleteUser'];

const HOSTS = ['graphql-http', 'yoga'] as const;
type Host = (typeof HOSTS)[number];
type Open = (given?: object, handle?: (message: Incoming) => Handled) => ReturnType<typeof openOn>;

/** Caller and service over a real socket; `seen` is what the handler got. */
async function openOn(host: Host, given: object = {}, handle?: (message: Incoming) => Handled) {
  const options = graphqlOptionsSchema.parse({ host, ...given });
  const serveGraphql = await parts.serve();
  const { operations, implement } = contractByName('users');
  const perform = implement();
  const seen: Incoming[] = [];
  const stack = new AsyncDisposableStack();
  const server = stack.use(
    await serveGraphql(
      async (message) => {
        seen.push(message);
        return handle ? handle(message) : perform(message.operation, message.body, message.envelope);
      },
      { options, interaction: 'request-reply', concurrency: 4, subscriber: 0, address: undefined },
    ),
  );
  const connection = stack.use(
    await connectGraphql(server.address, { options, interaction: 'request-reply' }),
  );
  const send = (operation: string, body: unknown) => connection.send({ operation, body, envelope });
  const post = async (body: string, path = '/graphql', extra: Parameters<typeof request>[1] = {}) => {
    const response = await request(server.address.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [ENVELOPE_HEADER]: encodeEnvelope(envelope) },
      body,
      ...extra,
    });
    return { status: response.statusCode, body: await response.body.json() };
  };
  const query = async (text: string) => post(JSON.stringify({ query: text }));
  return { operations, seen, send, post, query, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** Yoga answers with other statuses for plain JSON; the code in the answer is the same. */
function statusOn(host: Host, what: string, usual: number): number {
  const others: Readonly<Record<string, number>> = {
    'a variable of another type': 400,
    'a body that is no JSON': 200,
    'a body without a document': 200,
  };
  return host === 'yoga' ? (others[what] ?? usual) : usual;
}

const REFUSED = {
  errors: [
    expect.objectContaining({
      message: expect.any(String) as string,
      extensions: { code: 'BAD_REQUEST', effect: 'none' },
    }),
  ],
};

describe.each(HOSTS)('GraphQL, on %s', (host) => {
  const open: Open = (given, handle) => openOn(host, given, handle);

  it.each(USERS)(
    'does %s: the handler sees what was sent, the reply holds the contract',
    async (operation) => {
      await using graphql = await open();
      for (let index = 0; index < 20; index++) {
        const body = graphql.operations[operation]!.request(1, index);
        const result = await graphql.send(operation, body);
        expect(graphql.seen.at(-1)).toEqual({ operation, body, envelope, redelivered: false });
        expect(result).toMatchObject({ kind: 'reply' });
        expect(result).not.toHaveProperty('asked');
        expect(graphql.operations[operation]!.check(body, (result as Reply).body)).toBeUndefined();
      }
    },
  );

  it('leaves out a status that was not given', async () => {
    await using graphql = await open();
    const body = { id: 'u-1', email: 'ada@example.com', name: 'Ada' };
    expect(await graphql.send('updateUser', body)).toMatchObject({ kind: 'reply', body });
    expect(graphql.seen[0]!.body).toEqual(body);
  });
});

describe.each(HOSTS)('choosing fields, on %s', (host) => {
  const open: Open = (given, handle) => openOn(host, given, handle);

  it.each(['createUser', 'getUser', 'updateUser'])(
    'gets the id alone of %s, and says so',
    async (operation) => {
      await using graphql = await open({ fields: 'few' });
      const body = graphql.operations[operation]!.request(1, 3);
      const result = (await graphql.send(operation, body)) as Reply;
      expect(Object.keys(result.body as object)).toEqual(['id']);
      expect(result.asked).toEqual(['id']);
      const { check } = graphql.operations[operation]!;
      expect(check(body, result.body, result.asked)).toBeUndefined();
      expect(check(body, result.body)).toMatch(/Expected email/);
      expect(check(body, { id: '' }, result.asked)).toMatch(/Expected an id/);
    },
  );

  it('assesses what was asked for as strictly as ever', async () => {
    await using graphql = await open({ fields: 'few' }, () => ({ kind: 'done', body: { id: 'another' } }));
    const body = { id: 'u-1' };
    const result = (await graphql.send('getUser', body)) as Reply;
    expect(graphql.operations['getUser']!.check(body, result.body, result.asked)).toMatch(
      /Expected id u-1, found another/,
    );
  });

  it('gets the ids of a page, and its token', async () => {
    await using graphql = await open({ fields: 'few' });
    const body = { page_size: 3, page_token: '' };
    const result = (await graphql.send('listUsers', body)) as Reply;
    const page = result.body as { users: object[]; next_page_token: string };
    expect(page.users.map((user) => Object.keys(user))).toEqual([['id'], ['id'], ['id']]);
    expect(graphql.operations['listUsers']!.check(body, page, result.asked)).toBeUndefined();
  });

  it('changes nothing where no users are in the answer', async () => {
    await using graphql = await open({ fields: 'few' });
    expect(await graphql.send('deleteUser', { id: 'd-1' })).not.toHaveProperty('asked');
  });
});

describe.each(HOSTS)('failures over GraphQL, on %s', (host) => {
  const open: Open = (given, handle) => openOn(host, given, handle);

  it.each([
    ['bad-request', 'BAD_REQUEST', 400],
    ['not-found', 'NOT_FOUND', 404],
    ['overloaded', 'OVERLOADED', 503],
    ['deadline-passed', 'DEADLINE_PASSED', 504],
    ['internal', 'INTERNAL', 500],
  ] as const)('says %s inside of a 200, by its code', async (status: FailureStatus, code, number) => {
    for (const noEffect of [true, false]) {
      await using graphql = await open({}, () => ({ kind: 'failed', status, noEffect, detail: 'seeded' }));
      const effect = noEffect ? 'none' : 'unknown';
      expect(await graphql.query('{ user(id: "u-1") { id } }')).toMatchObject({
        status: 200,
        body: { data: null, errors: [{ message: 'seeded', path: ['user'], extensions: { code, effect } }] },
      });
      const result = await graphql.send('getUser', { id: 'u-1' });
      const said = { status: number, answered: status, noEffect, detail: 'seeded' };
      expect(result).toMatchObject({ outcome: 'error', ...said });
    }
  });

  it('says 404 for a user who is not there, with no effect', async () => {
    await using graphql = await open();
    expect(await graphql.send('deleteUser', { id: 'nobody' })).toMatchObject({
      kind: 'failure',
      outcome: 'error',
      status: 404,
      noEffect: true,
    });
  });

  it('calls a reply that lacks a field of the schema a broken contract, with an effect that nobody knows', async () => {
    await using graphql = await open({}, () => ({ kind: 'done', body: { id: 'u-1' } }));
    expect(await graphql.send('getUser', { id: 'u-1' })).toMatchObject({
      outcome: 'contract-broken',
      noEffect: false,
      detail: expect.stringContaining('User.email') as string,
    });
  });

  it.each([
    ['a document that is none', 200, '{"query":"{"}'],
    ['a field that is not there', 200, '{"query":"{ user(id: \\"u-1\\") { age } }"}'],
    [
      'a variable of another type',
      200,
      '{"query":"query($n: Int!) { users(page_size: $n, page_token: \\"\\") { next_page_token } }","variables":{"n":"two"}}',
    ],
    ['two fields at the root', 200, '{"query":"{ a: nothing b: nothing }"}'],
    ['two fields at the root in a fragment', 200, '{"query":"{ ...f } fragment f on Query { nothing }"}'],
    ['a document past all measure', 200, JSON.stringify({ query: `{ nothing ${'nothing '.repeat(1000)}}` })],
    ['a body that is no JSON', 400, '{'],
    ['a body without a document', 400, '{}'],
    ['a body too large', 413, 'x'.repeat(3000)],
  ])('refuses %s before any work', async (what, status, body) => {
    await using graphql = await open({ maxBodyBytes: 2500 });
    // A document of 8 kB is still a body of the allowed size.
    await using roomy = await open();
    const place = body.length > 5000 ? roomy : graphql;
    expect(await place.post(body)).toMatchObject({ status: statusOn(host, what, status), body: REFUSED });
    expect(place.seen).toEqual([]);
  });

  it.each([
    ['another path', 404, '/', {}],
    ['another method', 405, '/graphql', { method: 'PUT' as const }],
    ['no envelope', 400, '/graphql', { headers: { 'content-type': 'application/json' } }],
    ['another type', 415, '/graphql', { headers: { [ENVELOPE_HEADER]: encodeEnvelope(envelope) } }],
  ])('refuses %s before any work', async (_what, status, path, extra) => {
    await using graphql = await open();
    expect(await graphql.post('{"query":"{ nothing }"}', path, extra)).toEqual({ status, body: REFUSED });
    expect(graphql.seen).toEqual([]);
  });
});

describe.each(HOSTS)('the cache of documents, on %s', (host) => {
  const open: Open = (given, handle) => openOn(host, given, handle);

  it.each([0, 1, 1000])('changes no answer, whatever its size (%d)', async (cachedDocuments) => {
    await using graphql = await open({ cachedDocuments });
    for (let i = 0; i < 3; i++) {
      expect(await graphql.query('{ user(id: "u-1") { id } }')).toMatchObject({
        body: { data: { user: { id: 'u-1' } } },
      });
      expect(await graphql.query('{ user(id: "u-2") { id } }')).toMatchObject({
        body: { data: { user: { id: 'u-2' } } },
      });
      expect(await graphql.query('{ user(id: "u-1") { age } }')).toMatchObject({ body: REFUSED });
    }
  });
});
