import { expect, test } from 'vitest';
import { describePatterns, resolvePatterns } from '../../src/plan/resolve-patterns.ts';
import { scenarioSchema } from '../../src/scenario/schema/schema.ts';
import { loadCatalogue } from '../../src/transports/discover.ts';

test('the client recorded is the one that the options choose', async () => {
  const events = { title: 'Events', transport: 'kafka', interaction: 'event-stream' };
  const scenario = scenarioSchema.parse({
    name: 'clients',
    title: 'Two clients',
    patterns: [
      { ...events, id: 'kafkajs' },
      { ...events, id: 'platformatic', options: { client: 'platformatic' } },
    ],
  });
  const resolved = await resolvePatterns(scenario, { patterns: undefined }, await loadCatalogue());
  expect(describePatterns(resolved).map(({ client }) => client)).toEqual([
    expect.stringMatching(/^kafkajs \d/),
    expect.stringMatching(/^@platformatic\/kafka \d/),
  ]);
});
