import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { resultSchema } from '../../../src/record/record.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { upForTests } from './persistent-broker.ts';
import { startCli } from '../run.ts';

const scenario = (patterns: string) => `name: both
title: Two runs at once
patterns: [${patterns}]
load: { shape: constant, ratePerS: 50 }
durationMs: 1500
deadlineMs: 500
rounds: 1
noop: false
warmUp: { calls: 50, probeMs: 0 }
`;

const REST = '{ id: rest, title: REST, transport: rest, interaction: request-reply }';
const QUEUE = '{ id: queue, title: Queue, transport: rabbitmq, interaction: work-queue }';

/** In one folder, for one user, without a name for their results. */
function startBoth(patterns: string, folder: string, env: Readonly<Record<string, string>> = {}) {
  return [1, 2].map((seed) =>
    startCli((file) => ['run', file, '--seed', String(seed)], scenario(patterns), undefined, env, folder),
  );
}

function resultsIn(folder: string) {
  const names = readdirSync(path.join(folder, 'results')).filter((name) => name.endsWith('.json'));
  const texts = names.map((name) => readFileSync(path.join(folder, 'results', name), 'utf8'));
  // One that was killed before its first trial was over has only taken a name.
  return texts.filter((text) => text !== '').map((text) => resultSchema.parse(JSON.parse(text)));
}

const DONE = { state: 'complete', trials: [{ state: 'done' }] };

test('two runs at once have results of their own', async () => {
  using folder = temporaryFolder();
  const [one, other] = startBoth(REST, folder.path);
  await using _one = one!;
  await using _other = other!;
  expect(await Promise.all([one!.ended, other!.ended]), one!.stderr() + other!.stderr()).toEqual([0, 0]);
  const results = resultsIn(folder.path);
  expect(results).toMatchObject([DONE, DONE]);
  expect(results.map(({ seed }) => seed).toSorted()).toEqual([1, 2]);
}, 120_000);

test('two runs at once go over one persistent broker, which outlives both; one that is killed harms the other not', async () => {
  using broker = upForTests();
  using folder = temporaryFolder();
  const [one, other] = startBoth(QUEUE, folder.path, broker.env);
  await using _one = one!;
  await using _other = other!;
  await one!.saw(/baseline, /);
  one!.child.kill('SIGKILL');
  expect(await other!.ended, other!.stderr()).toBe(0);
  expect(other!.stderr()).toContain('is up (persistent)');
  await one!.ended;
  expect(resultsIn(folder.path).filter(({ seed }) => seed === 2)).toMatchObject([DONE]);
  expect(broker.users()).toBe(0);
}, 240_000);
