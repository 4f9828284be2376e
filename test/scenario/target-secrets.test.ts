import { expect, test } from 'vitest';
import { checkTargets } from '../../src/commands/check-targets.ts';
import { scenarioSchema } from '../../src/scenario/schema.ts';
import { withoutSecrets } from '../../src/scenario/target-secrets.ts';

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
    'without targets.http.url, targets.http.completion.url, targets.http.headers.Authorization, targets.http.env.DB_PASSWORD',
  );
  await expect(checkTargets(scenario, undefined, {})).resolves.toBeUndefined();
});

test('a scenario without targets is stored as it is', () => {
  const { targets: _, ...rest } = scenario;
  const none = scenarioSchema.parse(rest);
  expect(withoutSecrets(none)).toEqual(none);
});
