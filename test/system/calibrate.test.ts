import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readCalibration } from '../../src/experiments/calibrate/calibration-file.ts';
import { calibrationIn } from '../../src/experiments/calibrate/found.ts';
import { calibrationView } from '../../src/experiments/calibrate/view.ts';
import { readResult } from '../../src/record/store.ts';
import { commbench } from '../support/cli.ts';
import { startCli } from './run.ts';

/** A cache of the test's own: what is known of this machine elsewhere is no business of it. */
let cache = '';
let before: string | undefined;
beforeEach(() => {
  cache = mkdtempSync(path.join(os.tmpdir(), 'cbcache-'));
  before = process.env['XDG_CACHE_HOME'];
  process.env['XDG_CACHE_HOME'] = cache;
});
afterEach(() => {
  if (before === undefined) delete process.env['XDG_CACHE_HOME'];
  else process.env['XDG_CACHE_HOME'] = before;
  rmSync(cache, { recursive: true, force: true });
});

test('a pattern is calibrated within its budget, cross-checked by another tool, and known to the next run here', async () => {
  await using run = startCli(() => 'calibrate --patterns rest --budget 12s --seed 1 --json'.split(' '));
  const code = await run.ended;
  const folder = path.join(cache, 'commbench/calibrations');
  const [name = ''] = readdirSync(folder);
  const record = readCalibration(path.join(folder, name))!;
  expect(name).toBe(`${record.design.fingerprint}.json`);
  const [rest, ...others] = calibrationIn(record).calibrated;
  expect(others).toEqual([]);
  expect(rest!.pattern.id).toBe('rest');
  // Its own loop over HTTP, every request answered as a service that does nothing does.
  expect(rest!.closedLoop).toMatchObject({ tool: 'autocannon 9.0.0', connections: 16, failed: 0 });
  expect(rest!.closedLoop!.perS).toBeGreaterThan(0);
  // Every rate that was decided has two trials that say so, or three that say nothing.
  for (const { isSustained, verdicts } of rest!.sustainedRate!.triedRates) {
    const count = (look: string) => verdicts.filter((one) => one === look).length;
    expect(Math.max(count(isSustained ? 'sustained' : 'not-sustained'), count('discarded') - 1)).toBe(2);
  }
  expect(code, run.stderr()).toBe(rest!.why === null ? 0 : 3);
  expect(JSON.parse(run.stdout())).toMatchObject({
    summary: calibrationView(calibrationIn(record), null).findings,
  });

  const small =
    '--rounds 1 --duration 200ms --set noop=false --set serviceOutage=null --set warmUp.calls=40 --set warmUp.probeMs=0';
  const file = path.join(cache, 'result.json');
  const args = [
    'run',
    'rest-vs-queue',
    '--patterns',
    'rest',
    '--full',
    '--quiet',
    '--out',
    file,
    ...small.split(' '),
  ];
  const ran = commbench(args, { env: { XDG_CACHE_HOME: cache } });
  expect(ran.code, ran.stderr).toBe(0);
  const { calibration } = readResult(file).design;
  const { at, noop, sustainedRate } = rest!;
  const known = { at, noopP50Us: noop?.p50Us ?? null, sustainedPerS: sustainedRate?.sustainedPerS ?? null };
  const isLeast = known.sustainedPerS !== null && !sustainedRate!.isWhole;
  expect(calibration).toEqual({ rest: { ...known, ...(isLeast ? { isSustainedAtLeast: true } : {}) } });
  const isConclusive = known.noopP50Us !== null || known.sustainedPerS !== null;
  expect(ran.stdout.includes(`Calibrated here on ${at!.slice(0, 10)}`)).toBe(isConclusive);
}, 180_000);

test('Ctrl-C while the other tool runs is an interruption, and no defect', async () => {
  await using run = startCli(() => 'calibrate --patterns rest --budget 60s --seed 1'.split(' '));
  for (let i = 0; i < 800 && run.find(/autocannon/).length === 0; i++) await sleep(50);
  run.child.kill('SIGINT');
  expect(await run.ended, run.stderr()).toBe(130);
  expect(run.stderr()).not.toContain('defect');
}, 60_000);
