import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { endNs, spanOf } from '../../../src/analysis/faults/stages.ts';
import { recovery } from '../../../src/measure/hops/health.ts';
import { isAlive } from '../../../src/platform/process/proc.ts';
import { liveKind } from '../../../src/experiments/live/record.ts';
import type { Trial } from '../../../src/record/record.ts';
import { startCli } from '../run.ts';
import { until } from '../processes.ts';

const SCENARIO = `
name: guarded
title: a leaf behind a breaker
contract: users
patterns: [{ id: rest, title: REST, transport: rest, interaction: request-reply }]
services: [{ id: front }, { id: leaf }]
edges: [{ id: call, from: front, to: leaf }]
policies:
  breaker: [{ policy: circuit-breaker, mode: consecutive, failuresInARow: 5, openMs: 300, permittedInHalfOpen: 3 }]
load: { shape: constant, ratePerS: 200 }
deadlineMs: 500
objectiveMs: 450
warmUp: { calls: 50, probeMs: 0, steadyWindows: 0 }
`;

/** A script in a folder of its own. */
function script(lines: string): Disposable & { readonly file: string } {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'cblive-'));
  const file = path.join(folder, 'lines');
  writeFileSync(file, lines.replaceAll('; ', '\n'));
  return { file, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

/** What a breaker did, and whether the trial came back. */
function outcomeOf(trial: Trial) {
  const { faults, hops } = trial;
  const { transitions, endpoints } = hops!;
  const kill = spanOf(faults.filter((fault) => fault.do === 'kill'));
  const opened = transitions.findIndex(({ to }) => to === 'opened');
  return {
    faults: faults.map(({ do: name, on, plannedAtNs, plannedForNs }) => ({
      name,
      on,
      plannedAtNs,
      plannedForNs,
    })),
    opened: transitions[opened]?.cause,
    last: transitions.at(-1)?.to,
    ends: endpoints.map(({ windows }) => recovery(windows, kill, endNs(trial)).state),
  };
}

test('a session by lines: killed, the breaker opens by its rule, healed, it closes; the recorded scenario does the same again', async () => {
  using lines = script(
    'wait 500ms; kill nobody; policies call breaker; load 2; wait 500ms; load 1; wait 500ms; kill leaf; until call opened; wait 400ms; heal; until call closed; wait 1700ms',
  );
  await using live = startCli(
    (file, out) => ['live', file, '--out', out, '--seed', '5', '--max', '60s', '--script', lines.file],
    SCENARIO,
  );
  expect(await live.ended, live.stderr()).toBe(0);
  expect(live.stderr()).toMatch(/not done: kill nobody: There is no nobody\. Known: front, leaf\./);
  expect(live.stderr()).toMatch(/s {2}leaf killed\n.*s {2}call: breaker opened \(5 failures in a row\)/s);
  const record = liveKind.schema.parse(live.json());
  const [played] = record.trials as [Trial];
  const outcome = outcomeOf(played);
  expect(outcome).toMatchObject({
    opened: '5 failures in a row',
    last: 'closed',
    ends: ['recovered'],
  });
  expect(outcome.faults.map(({ name, on }) => [name, on])).toEqual([
    ['policies', 'call'],
    ['load', 'arrivals'],
    ['kill', 'leaf'],
  ]);

  const scenario = path.join(live.folder, 'result.scenario.yaml');
  await using again = startCli(
    (_file, out) => ['run', scenario, '--out', out, '--seed', '5'],
    readFileSync(scenario, 'utf8'),
  );
  expect(await again.ended, again.stderr()).toBe(0);
  const repeated = again.result().trials.find(({ kind }) => kind === 'fault')!;
  expect(outcomeOf(repeated)).toEqual(outcome);
  expect(repeated.planned).toBe(played.planned);
}, 120_000);

test('kill -9 in the midst of a session leaves nothing behind', async () => {
  using lines = script('freeze leaf; wait 50s');
  await using live = startCli(
    (file, out) => ['live', file, '--out', out, '--max', '60s', '--script', lines.file],
    SCENARIO,
  );
  await live.saw(/leaf frozen/);
  const all = live.find(/./);
  expect(all.length).toBeGreaterThan(4);
  live.child.kill('SIGKILL');
  for (const one of all) await until(`the end of ${one.pid}`, () => !isAlive(one));
}, 60_000);

test('without a terminal, a page or a script it refuses', async () => {
  await using live = startCli((file, out) => ['live', file, '--out', out], SCENARIO);
  expect(await live.ended).toBe(2);
  expect(live.stderr()).toBe(
    'commbench: live needs somebody who acts: a terminal, a page, or a script\n  → Add --open for a page, or --script FILE; or pipe the lines in.\n',
  );
}, 30_000);
