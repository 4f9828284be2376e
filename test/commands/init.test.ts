import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { countNeeded } from '../../src/measure/figures/percentile.ts';
import { loadScenario } from '../../src/scenario/load/load.ts';
import { scenarioFileSchema } from '../../src/scenario/schema/json-schema.ts';
import { readThreshold } from '../../src/scenario/schema/threshold.ts';
import type { Scenario } from '../../src/scenario/schema/schema.ts';
import { loadCatalogue } from '../../src/transports/discover.ts';
import { commbenchInside } from '../support/cli-inside.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const FOLDER = new URL('../../scenarios/templates/', import.meta.url);
const TEMPLATES = readdirSync(FOLDER).map((file) => path.basename(file, '.yaml'));
const OWN_SERVICE = new URL('../../scenarios/examples/own-service/', import.meta.url).pathname;

async function initialised(...options: string[]) {
  using place = temporaryFolder();
  const file = path.join(place.path, 'My checkout.yaml');
  const ran = await commbenchInside(['init', file, ...options]);
  expect(ran.code).toBe(0);
  const { scenario } = await loadScenario(file, [], await loadCatalogue());
  return { scenario, text: readFileSync(file, 'utf8'), stderr: ran.stderr.replaceAll(place.path, '') };
}

/** Every percentile of a threshold has the samples that a report of it needs. */
function expectEnoughCalls({ load, durationMs, rounds, thresholds }: Scenario): void {
  const quantiles = thresholds.map(readThreshold).flatMap(({ quantile }) => quantile ?? []);
  expect(quantiles).not.toEqual([]);
  const calls = (load as { ratePerS: number }).ratePerS * (durationMs / 1000) * rounds;
  for (const quantile of quantiles) expect(calls).toBeGreaterThanOrEqual(countNeeded(quantile));
}

describe('a template', () => {
  test('is there for each question', () => {
    expect(TEMPLATES).toEqual(expect.arrayContaining(['breaker', 'http', 'queue', 'topology']));
  });

  test.each(TEMPLATES)(
    '%s is a scenario of the name asked for, with calls enough for its thresholds',
    async (name) => {
      const { scenario, text, stderr } = await initialised('--template', name);
      expect(scenario.name).toBe('my-checkout');
      expect(text).toMatch(/^# yaml-language-server: \$schema=/);
      expect(stderr).toBe('Wrote /My checkout.yaml. Next: commbench run /My checkout.yaml\n');
      expectEnoughCalls(scenario);
    },
  );

  test('that is none is refused, with those that are', async () => {
    const { code, stderr } = await commbenchInside(['init', 'x.yaml', '--template', 'htp']);
    expect(code).toBe(2);
    expect(stderr).toContain('breaker, http, queue, topology');
  });
});

test('editors take each template by the schema that they are given, and no time without a unit in a text', () => {
  const fits = new Ajv2020({ strict: false, logger: false }).compile(scenarioFileSchema());
  for (const name of TEMPLATES) {
    const template = parse(readFileSync(new URL(`${name}.yaml`, FOLDER), 'utf8')) as object;
    expect(fits(template), `${name} ${JSON.stringify(fits.errors)}`).toBe(true);
    expect(fits({ ...template, durationMs: 3000 })).toBe(true);
    expect(fits({ ...template, durationMs: '3' })).toBe(false);
  }
});

test.each(['openapi.yaml', 'orders.proto'])(
  'what is written from %s has calls enough for its thresholds',
  async (file) => {
    const { scenario, stderr } = await initialised('--from', OWN_SERVICE + file);
    expectEnoughCalls(scenario);
    expect(stderr).not.toContain('Warning');
  },
);

test('what does not fit its schema is a warning of the command', async () => {
  using place = temporaryFolder();
  const from = path.join(place.path, 'api.json');
  const schema = { allOf: [{ type: 'string' }, { type: 'integer' }] };
  const body = { required: true, content: { 'application/json': { schema } } };
  writeFileSync(from, JSON.stringify({ openapi: '3.1.0', paths: { '/x': { post: { requestBody: body } } } }));
  const { stderr } = await initialised('--from', from);
  expect(stderr).toMatch(/^Warning: POST \/x: body: must be (string|integer)\nWrote /);
});

test.each([
  [['--operation', 'x'], '--operation is only valid with --from'],
  [['--include', 'x'], '--include is only valid with --from'],
  [['--url', 'https://localhost'], '--url is only valid with --from'],
  [['--ca', 'ca.pem'], '--ca is only valid with --from'],
  [['--mix'], '--mix is only valid with --from'],
  [['--from', 'a.yaml', '--url', 'localhost'], '--url: Expected a URL such as https://localhost:8443'],
  [['--from', 'a.yaml', '--url', 'https://a:b@localhost'], 'found one with a login'],
  [
    ['--from', 'a.yaml', '--template', 'http'],
    "option '--from <file>' cannot be used with option '--template <name>'",
  ],
])('%j is refused', async (options, message) => {
  const { code, stderr } = await commbenchInside(['init', 'x.yaml', ...options]);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});
