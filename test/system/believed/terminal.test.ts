import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { isProcessStopped } from '../../../src/platform/process/proc.ts';
import type { Trial } from '../../../src/record/record.ts';
import { until } from '../processes.ts';
import { startRun } from '../run.ts';

const CLI = fileURLToPath(new URL('../../../src/cli.ts', import.meta.url));
const [CTRL_S, CTRL_Q] = ['\x13', '\x11'];

const scenario = (faults: string, durationMs: number) => `name: stopped
title: Whatever stops a terminal delays no fault
patterns: [{ id: rest, title: REST, transport: rest, interaction: request-reply }]
load: { shape: constant, ratePerS: 100 }
durationMs: ${durationMs}
deadlineMs: 200
rounds: 1
noop: false
warmUp: { calls: 100, probeMs: 0 }
${faults}
`;

/** Reasons of the trial that tell of a fault. */
function offPlan({ validity }: Trial): string[] {
  return validity.causes.map(({ detail }) => detail).filter((detail) => detail.includes('the fault'));
}

function faulted(trials: readonly Trial[]): Trial {
  return trials.find(({ faults }) => faults.length > 0)!;
}

test('a terminal that takes nothing (Ctrl-S) delays neither the run nor its faults', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'cbpty-'));
  const [file, out] = [path.join(folder, 'scenario.yaml'), path.join(folder, 'result.json')];
  writeFileSync(
    file,
    scenario('faults: [{ id: fz, do: freeze, atMs: 1000, forMs: 1000 }]\nwatchRecovery: false', 4000),
  );
  const command = `${process.execPath} ${CLI} run ${file} --out ${out} --seed 1`;
  // A pseudo-terminal; what is written to its input is typed at it.
  const terminal = spawn('script', ['-qfec', command, '/dev/null'], {
    env: { ...process.env, TMPDIR: folder, TERM: 'xterm', SHELL: '/bin/sh', COMMBENCH_PROGRESS: '' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(terminal, 'close');
  await once(terminal.stdout, 'data');
  terminal.stdin.write(CTRL_S);
  const written = () => JSON.parse(readFileSync(out, 'utf8')) as { state: string; trials: Trial[] };
  await until('the result of the whole run', () => existsSync(out) && written().state === 'complete');
  // Nothing was shown meanwhile, and the report waits for the terminal.
  expect(terminal.exitCode).toBeNull();
  terminal.stdout.resume();
  terminal.stdin.write(CTRL_Q);
  const [code] = await ended;
  expect(code).toBe(0);
  // How precise it was is the machine's: that it came while nothing could be shown is what counts.
  const [fault] = faulted(written().trials).faults;
  expect(fault!.observedNs).toBeGreaterThanOrEqual(1e9);
  expect(fault!.readyNs).toBeLessThan(4e9);
  rmSync(folder, { recursive: true, force: true });
}, 120_000);

test('a freeze ends in time although the CLI is stopped', async () => {
  const freeze = 'faults: [{ id: fz, do: freeze, atMs: 1000, forMs: 2000 }]\nwatchRecovery: false';
  await using run = startRun(scenario(freeze, 5000));
  const service = () => run.find(/service\.(?:ts|js)/).find(({ pid }) => isProcessStopped(pid));
  await until('the freeze', () => service() !== undefined);
  const { pid } = service()!;
  run.child.kill('SIGSTOP');
  await until('its end', () => !isProcessStopped(pid));
  run.child.kill('SIGCONT');
  expect(await run.ended, run.stderr()).toBe(0);
}, 120_000);

test('a kill whose restart came late is not the one planned: the trial says so by figures, and no threshold is met', async () => {
  const outage = 'serviceOutage: { atMs: 1000, forMs: 1000, recoveryMs: 4000 }\nthresholds: ["lost == 0"]';
  await using run = startRun(scenario(outage, 500));
  await run.saw(/outage, /);
  run.child.kill('SIGSTOP');
  // The disturbance itself: longer than what is left of the outage.
  await delay(2500);
  run.child.kill('SIGCONT');
  await run.ended;
  const trial = faulted(run.result().trials);
  expect(trial.validity.verdict).toBe('incomplete');
  expect(offPlan(trial).join()).toMatch(
    /the fault kill of \S+ was on from 1\.0\d s for [23]\.\d+ s \(planned: from 1\.00 s for 1\.00 s, limit 50 ms\)/,
  );
}, 120_000);
