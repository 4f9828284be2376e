import { expect, test } from 'vitest';
import { statOf } from '../../../src/platform/process/proc.ts';
import { until } from '../processes.ts';
import { startRun } from '../run.ts';

const SMALL = `
name: small
title: A small topology
rounds: 1
noop: false
warmUp: { calls: 0 }
contract: users
patterns: [{ id: rest, title: REST, transport: rest, interaction: request-reply }]
`;

test('Ctrl-C while a service of a topology is frozen: exit code 130, nothing left running, nothing frozen', async () => {
  await using run = startRun(`${SMALL}
services: [{ id: front }, { id: leaf }]
edges: [{ from: front, to: leaf }]
load: { shape: constant, ratePerS: 20 }
durationMs: 60000
watchRecovery: false
faults: [{ do: freeze, on: leaf, atMs: 500, forMs: 59000 }]
`);
  // With seed 1 the fault comes before its control.
  const services = () => run.find(/service\/service\.ts/);
  const frozen = () => services().filter(({ pid }) => statOf(pid)?.state === 'T');
  await until('a frozen service', () => frozen().length > 0);
  const pid = frozen()[0]!.pid;
  process.kill(-run.child.pid!, 'SIGINT');
  expect(await run.ended, run.stderr()).toBe(130);
  expect(run.find(/./)).toEqual([]);
  expect(statOf(pid)?.state).not.toBe('T');
}, 120_000);

test('a cycle is refused, named, with the reason: exit code 2, and nothing is started', async () => {
  await using run = startRun(`${SMALL}
services: [{ id: a }, { id: b }, { id: c }]
edges: [{ from: a, to: b }, { from: b, to: c }, { from: c, to: b }]
durationMs: 1000
`);
  expect(await run.ended).toBe(2);
  expect(run.stderr()).toMatch(/b → c → b/);
  expect(run.stderr()).toMatch(/wait/);
}, 60_000);
