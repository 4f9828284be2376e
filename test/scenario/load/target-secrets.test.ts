import { expect, test } from 'vitest';
import { checkTargets } from '../../../src/commands/options/check-targets.ts';
import { scenarioSchema } from '../../../src/scenario/schema/schema.ts';
import { shownUrl, withoutSecrets } from '../../../src/scenario/load/target-secrets.ts';

const scenario = scenarioSchema.parse({
  name: 'own',
  title: 'own',
  patterns: [{ id: 'http', title: 'HTTP', transport: 'rest', interaction: 'request-reply' }],
  targets: {
    http: {
      url: 'http://127.0.0.1:1/x?token=s3cret',
      headers: {
        Authorization: 'Bearer s3cret',
        'X-Api-Key': '{{env KEY}}',
        accept: '*/*',
        'idempotency-key': '{{uuid}}',
      },
      env: { DB_PASSWORD: 's3cret', PORT: '1' },
      body: { password: 'of a made-up user' },
      completion: { queue: 'done', url: 'amqp://ana:s3cret@127.0.0.1/', correlate: { header: 'x-id' } },
    },
  },
});

test('what lets a target in is in no result, what is drawn or of the environment stays', async () => {
  const stored = withoutSecrets(scenario);
  expect(JSON.stringify(stored)).not.toContain('s3cret');
  expect(stored.targets['http']).toMatchObject({
    url: 'http://127.0.0.1:1/x?token=***',
    headers: {
      Authorization: '***',
      'X-Api-Key': '{{env KEY}}',
      accept: '*/*',
      'idempotency-key': '{{uuid}}',
    },
    env: { DB_PASSWORD: '***', PORT: '1' },
    body: { password: 'of a made-up user' },
  });
  await expect(checkTargets(stored, undefined, {})).rejects.toThrow(
    'The stored scenario lacks targets.http.url, targets.http.completion.url, targets.http.headers.Authorization, targets.http.env.DB_PASSWORD',
  );
  await expect(checkTargets(scenario, undefined, {})).resolves.toBeUndefined();
});

test('a scenario without targets is stored as it is', () => {
  const { targets: _, ...rest } = scenario;
  const none = scenarioSchema.parse(rest);
  expect(withoutSecrets(none)).toEqual(none);
});

test('nor is what stands in a path, in the URL that tells whether it is ready, or beside holes', async () => {
  const { http } = scenario.targets;
  const target = {
    url: 'http://127.0.0.1:1/{{uuid}}?token=s3cret&n={{random 1 9}}',
    path: '/x?api_key=s3cret&access_token={{env T}}&page=2',
    command: 'serve',
    ready: { url: 'http://ana:s3cret@127.0.0.1:1/', withinMs: 1 },
    completion: { ...http!.completion!, url: 'amqp://ana:s3cret@{{env HOST}}/' },
  };
  const stored = withoutSecrets({ ...scenario, targets: { http: target } });
  expect(stored.targets['http']).toMatchObject({
    url: 'http://127.0.0.1:1/{{uuid}}?token=***&n={{random 1 9}}',
    path: '/x?api_key=***&access_token={{env T}}&page=2',
    ready: { url: 'http://ana:***@127.0.0.1:1/' },
    completion: { url: 'amqp://ana:***@{{env HOST}}/' },
  });
  await expect(checkTargets(stored, undefined, {})).rejects.toThrow(
    'The stored scenario lacks targets.http.url, targets.http.completion.url, targets.http.ready.url, targets.http.path,',
  );
  expect(shownUrl('amqp://{{env USER}}:{{env PASSWORD}}@h/')).toBe('amqp://{{env USER}}:{{env PASSWORD}}@h/');
});
