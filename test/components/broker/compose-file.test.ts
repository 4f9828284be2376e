import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { composeFile } from '../../../src/components/broker/compose-run.ts';
import type { ComposeService } from '../../../src/kernel/broker.ts';
import { brokerDefinitions } from '../../../src/components/broker/broker-definitions.ts';

async function services(): Promise<Record<string, ComposeService>> {
  const definitions = await brokerDefinitions();
  return Object.fromEntries(definitions.map(({ name, compose }) => [name, compose]));
}

test('nothing is lost on the way into YAML', async () => {
  const told = await services();
  expect(Object.keys(told)).toContain('rabbitmq');
  expect(parse(composeFile(told))).toEqual({ services: told });
});

test('every port is bound to loopback, and can be another', async () => {
  for (const [name, { ports }] of Object.entries(await services())) {
    expect(ports.length).toBeGreaterThan(0);
    const variable = `COMMBENCH_${name.toUpperCase()}_PORT`;
    for (const port of ports)
      expect(port).toMatch(new RegExp(`^127\\.0\\.0\\.1:\\$\\{${variable}:-\\d+\\}:`));
  }
});
