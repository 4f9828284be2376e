import { expect, test } from 'vitest';
import { checkTargets } from '../../../src/commands/options/check-targets.ts';
import { withoutSecrets, withoutValuesOf } from '../../../src/scenario/load/target-secrets.ts';
import { scenarioSchema } from '../../../src/scenario/schema/schema.ts';
import { requestNamesOf } from '../../../src/scenario/schema/target-requests.ts';

const S = 'S3CR3TVALUE';

function scenarioOf(target: object) {
  return scenarioSchema.parse({
    name: 'own',
    title: 'own',
    patterns: [{ id: 'http', title: 'HTTP', transport: 'rest', interaction: 'request-reply' }],
    targets: { http: target },
  });
}

function stored(target: object) {
  return withoutSecrets(scenarioOf(target)).targets['http'];
}

const TARGET = {
  url: `http://ana:${S}-q0@127.0.0.1:1/users/v1/${S}?sig=${S}-q1&${S}-q2&page=2#${S}`,
  command: `python3 tools/srv.py 18093 --password=${S}-c1`,
  env: { DB_URL: `postgres://u:${S}-e2@h/db`, PORT: '1' },
  headers: { authorization: `Bearer ${S}-h1`, 'x-session-id': `${S}-h2`, Accept: '*/*', 'X-Id': '{{uuid}}' },
  metadata: { jwt: `${S}-m1` },
  body: { user: `${S}-b1`, pin: 935117, list: [`${S}-b2`, true, null], n: '{{sequence}}' },
  variables: { id: `${S}-v1` },
  document: `query Q($a: ID) { user(id: $a, token: "${S}-d1") { id } }`,
  success: { status: 201, contains: `${S}-s1`, equals: { state: `${S}-s2` } },
  ready: { url: `http://127.0.0.1:1/r?apikey=${S}-r1`, withinMs: 5 },
  completion: { queue: 'done', url: `amqp://ana:${S}@127.0.0.1/`, correlate: { header: 'x-id' } },
  key: `${S}-k`,
  fieldOfTheFuture: { deep: [`${S}-f`] },
};

test('no value of a target is stored; names, shapes, placeholders and choices are', () => {
  const shown = stored(TARGET);
  expect(JSON.stringify(shown)).not.toMatch(/S3CR3T|935117|postgres|18093/);
  expect(shown).toEqual({
    url: 'http://***@127.0.0.1:1/users/v1/***?sig=***&***&page=***#***',
    command: 'python3 *** *** ***',
    env: { DB_URL: '***', PORT: '***' },
    headers: { authorization: '***', 'x-session-id': '***', Accept: '*/*', 'X-Id': '{{uuid}}' },
    metadata: { jwt: '***' },
    body: { user: '***', pin: '***', list: ['***', true, null], n: '{{sequence}}' },
    variables: { id: '***' },
    document: 'query Q($a: ID) { user(id: $a, token: "***") { id } }',
    success: { status: 201, contains: '***', equals: { state: '***' } },
    ready: { url: 'http://127.0.0.1:1/r?apikey=***', withinMs: 5 },
    completion: { queue: 'done', url: 'amqp://***@127.0.0.1/', correlate: { header: 'x-id' } },
    key: '***',
    fieldOfTheFuture: { deep: ['***'] },
    hidden: expect.stringMatching(/^[0-9a-f]{24}$/),
  });
});

test('two results are known to have the same values, or others', () => {
  const hash = (more: object) => stored({ ...TARGET, ...more })!['hidden'];
  expect(hash({})).toBe(hash({}));
  expect(hash({ env: { PORT: '2' } })).not.toBe(hash({}));
});

test('what is drawn or of the environment stays, so that it can be replayed', async () => {
  const target = {
    url: 'http://127.0.0.1:1/users/{{key}}?token={{env T}}',
    headers: { authorization: 'Bearer {{env TOKEN}}', 'content-type': 'text/plain' },
    body: { id: '{{uuid}}', active: true },
  };
  expect(stored(target)).toEqual(target);
  await expect(checkTargets(withoutSecrets(scenarioOf(target)), undefined, {})).resolves.toBeUndefined();
  expect(stored({ url: 'amqp://{{env USER}}:{{env PASSWORD}}@{{env HOST}}/' })).toEqual({
    url: 'amqp://{{env USER}}:{{env PASSWORD}}@{{env HOST}}/',
  });
  expect(stored({ body: `${S}{{sequence}}` })).toMatchObject({ body: '***{{sequence}}' });
});

test('a stored scenario that lacks its values is not driven, and says which', async () => {
  const { url, headers } = TARGET;
  const lacking = withoutSecrets(scenarioOf({ url, headers }));
  await expect(checkTargets(lacking, undefined, {})).rejects.toThrow(
    'lacks targets.http.url, targets.http.headers.authorization, targets.http.headers.x-session-id',
  );
  await expect(
    checkTargets(scenarioOf({ url: 'http://127.0.0.1:1/' }), undefined, {}),
  ).resolves.toBeUndefined();
});

test('a scenario without targets is stored as it is', () => {
  const { targets: _, ...rest } = scenarioOf({});
  const none = scenarioSchema.parse(rest);
  expect(withoutSecrets(none)).toEqual(none);
});

test('the output of a program repeats nothing that it was given', () => {
  const given = [['--password=hunter2', 'serve'], { DB: 'postgres://u:pw@h/db' }];
  const text = 'serve failed: hunter2 --password=hunter2, cannot reach postgres://u:pw@h/db';
  expect(withoutValuesOf(given, text)).toBe('*** failed: *** ***, cannot reach ***');
});

test('operations, flows and steps keep the names by which thresholds find them', () => {
  const order = { path: '/orders', body: { card: 's3cret' } };
  const shop = {
    url: 'http://127.0.0.1:8390/',
    operations: { write: { share: '50%', ...order, success: { equals: { owner: 's3cret' } } } },
    flows: {
      buy: {
        share: '50%',
        steps: [
          { name: 'place', ...order, take: { id: 'data.id' } },
          { path: '/orders/{{id}}', headers: { 'x-key': 's3cret' } },
        ],
      },
    },
  };
  const scenario = scenarioSchema.parse({
    name: 'shop',
    title: 'Shop',
    patterns: [{ id: 'shop', title: 'Shop', transport: 'rest', interaction: 'request-reply' }],
    targets: { shop },
    load: { shape: 'constant', ratePerS: 10 },
    durationMs: 1000,
    rounds: 1,
  });
  const shown = withoutSecrets(scenario).targets['shop']!;
  expect(requestNamesOf(shown)).toEqual(requestNamesOf(scenario.targets['shop']!));
  expect(requestNamesOf(shown)).toEqual(['write', 'buy', 'buy/place', 'buy/2']);
  expect(JSON.stringify(shown)).not.toContain('s3cret');
  expect(shown).toMatchObject({ flows: { buy: { steps: [{ take: { id: 'data.id' } }, {}] } } });
});
