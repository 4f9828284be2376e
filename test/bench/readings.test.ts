import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { benchSchema, type Said } from '../../bench/tools/record.ts';
import { KNOWN_TOOLS } from '../../bench/tools/known-tools.ts';
import { readOwn } from '../../bench/tools/readings.ts';
import { type Job, saidBy } from '../../bench/tools/tool.ts';

const FIXTURES = path.join(import.meta.dirname, 'fixtures');
const work = benchSchema.shape.works.element.parse({
  id: 'rate',
  kind: 'rate',
  protocol: 'http',
  ratePerS: 200,
  seconds: 2,
  processingMs: 0,
  freezeMs: 0,
});
const job: Job = { work, port: 8080, connections: 8, outPath: '', inPath: '' };

function textOf(name: string): string {
  const file = path.join(FIXTURES, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** What each printed of 200/s for 2 s over 8 connections, when these fixtures were recorded. */
const PRINTED: Record<string, { said: Partial<Said>; p50: number; p99: number }> = {
  oha: { said: { count: 400, errors: 0 }, p50: 0.230971, p99: 1.04551 },
  k6: { said: { count: 401, errors: 0, dropped: 0 }, p50: 0.463545, p99: 30.066692 },
  fortio: { said: { count: 400, errors: 0 }, p50: 0.37113, p99: 14 },
  autocannon: { said: { count: 410, samples: 978, errors: 0 }, p50: 2, p99: 15 },
  hey: { said: { count: 374, errors: 0 }, p50: 0.8, p99: 62.4 },
  ghz: { said: { count: 399, errors: 0 }, p50: 1.074714, p99: 155.547333 },
};

test.each(Object.entries(PRINTED))('%s: what it printed is what is read', (name, { said, p50, p99 }) => {
  const tool = KNOWN_TOOLS.find((one) => one.name === name)!;
  const read = saidBy(tool, textOf(`${name}.out`), () => textOf(`${name}.json`), job);
  expect(read).toMatchObject(said);
  const at = (quantile: number) => read.latencyMs.find((one) => one.quantile === quantile)!.ms;
  expect(at(0.5)).toBeCloseTo(p50, 4);
  expect(at(0.99)).toBeCloseTo(p99, 4);
});

test.each(KNOWN_TOOLS.map((tool) => [tool.name, tool] as const))(
  '%s: other words are an error, not figures',
  (_name, tool) => {
    expect(() => saidBy(tool, 'connection refused', () => '', job)).toThrow();
    expect(() => saidBy(tool, '{}', () => '{}', job)).toThrow();
  },
);

test("a tool of one's own says what it recorded in its last line, or nothing", () => {
  const line = JSON.stringify({ count: 12, errors: 1, p50: 0.5, p99: 2 });
  expect(readOwn(`warming up\n${line}\n`)).toMatchObject({
    count: 12,
    errors: 1,
    latencyMs: [
      { quantile: 0.5, ms: 0.5 },
      { quantile: 0.99, ms: 2 },
    ],
  });
  for (const words of ['', 'done', '17', 'null', '{"p50":3}']) {
    expect(readOwn(words)).toMatchObject({ count: null, latencyMs: [] });
  }
});
