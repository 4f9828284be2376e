import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import {
  cpuNsOf,
  endedChildrenCpuNs,
  findByEnvironment,
  identify,
  isAlive,
  listPids,
  machineCpu,
  peakBytesOf,
  pidScope,
  statOf,
} from '../../../src/platform/process/proc.ts';

const GONE = 2 ** 30;
const children: ChildProcess[] = [];

function start(file: string, args: readonly string[], env: Record<string, string> = {}): number {
  const child = spawn(file, args, { stdio: 'ignore', env: { PATH: process.env['PATH'], ...env } });
  children.push(child);
  return child.pid!;
}

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

describe.runIf(existsSync('/proc/self/stat'))('with /proc', () => {
  test('a process is itself, and not another with its pid', () => {
    const it = identify(start('/bin/sleep', ['600']));
    expect(isAlive(it)).toBe(true);
    expect(isAlive({ ...it, startTicks: it.startTicks! + 1 })).toBe(false);
    expect(statOf(it.pid)).toMatchObject({ parent: process.pid });
    expect(listPids()).toContain(it.pid);
  });

  test('a command name with parentheses and spaces does not shift the fields', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'cb-'));
    symlinkSync('/bin/sleep', path.join(folder, 'a) R (b'));
    const odd = statOf(start(path.join(folder, 'a) R (b'), ['600']))!;
    rmSync(folder, { recursive: true });
    const next = statOf(start('/bin/sleep', ['600']))!;
    expect(odd).toMatchObject({ parent: process.pid, group: next.group });
    expect(odd.startTicks).toBeGreaterThanOrEqual(statOf(process.pid)!.startTicks);
    expect(odd.startTicks).toBeLessThanOrEqual(next.startTicks);
  });

  test('a zombie is dead', async () => {
    // The program that the shell turns into never asks for the end of the shell's child.
    const parent = start('/bin/sh', ['-c', '/bin/true & exec /bin/sleep 600']);
    const childOf = () => listPids().find((pid) => statOf(pid)?.parent === parent);
    while (statOf(childOf() ?? GONE)?.state !== 'Z') await turn();
    const zombie = identify(childOf()!);
    expect(zombie.startTicks).toBeTypeOf('number');
    expect(isAlive(zombie)).toBe(false);
    expect(cpuNsOf(zombie.pid)).toBeUndefined();
    expect(isAlive(identify(parent))).toBe(true);
  });

  test('what is gone is undefined, not zero', () => {
    expect(statOf(GONE)).toBeUndefined();
    expect(cpuNsOf(GONE)).toBeUndefined();
    expect(peakBytesOf(GONE)).toBeUndefined();
    expect(isAlive(identify(GONE))).toBe(false);
  });

  test('processes are found by the whole value of a variable', () => {
    const value = `proc-test-${process.pid}`;
    const ours = start('/bin/sleep', ['600'], { COMMBENCH_TEST: value });
    start('/bin/sleep', ['600'], { COMMBENCH_TEST: `${value}0` });
    start('/bin/sleep', ['600'], { OTHER_COMMBENCH_TEST: value });
    expect(findByEnvironment('COMMBENCH_TEST', value)).toEqual([identify(ours)]);
  });

  test('CPU time counts every thread and agrees with what the process says of itself', () => {
    const ownUs = (): number => process.cpuUsage().user + process.cpuUsage().system;
    const [fromUs, fromNs] = [ownUs(), cpuNsOf(process.pid)!];
    while (ownUs() - fromUs < 200_000);
    const [saidNs, readNs] = [(ownUs() - fromUs) * 1000, cpuNsOf(process.pid)! - fromNs];
    // Both end at a tick of the kernel's own (up to 10 ms), and ended threads count in ticks.
    expect(Math.abs(readNs - saidNs)).toBeLessThan(40e6);
  });

  test('what an ended child used is known to whoever waited for it', () => {
    const beforeNs = endedChildrenCpuNs(process.pid)!;
    const burn = 'const { cpuUsage } = process; while (cpuUsage().user + cpuUsage().system < 300_000);';
    execFileSync(process.execPath, ['-e', burn]);
    const usedNs = endedChildrenCpuNs(process.pid)! - beforeNs;
    // User and system time are each cut to ticks of 10 ms, before and after.
    expect(usedNs).toBeGreaterThanOrEqual(260e6);
    expect(endedChildrenCpuNs(GONE)).toBeUndefined();
  });

  test('peak memory has seen what was touched', () => {
    const before = peakBytesOf(process.pid)!;
    const block = Buffer.alloc(64e6, 1);
    expect(peakBytesOf(process.pid)!).toBeGreaterThanOrEqual(Math.max(before, block.length));
    expect(peakBytesOf(process.pid)!).toBeLessThan(64e9);
  });

  test('the machine has been busy, not for longer than it is up', () => {
    const cpu = machineCpu()!;
    expect(cpu.busyNs).toBeGreaterThan(0);
    expect(cpu.stealNs).toBeGreaterThanOrEqual(0);
    expect(cpu.busyNs + cpu.stealNs).toBeLessThanOrEqual(cpu.totalNs);
  });

  test('pids have a scope, the same within this boot and container', () => {
    expect(pidScope()).toEqual({
      boot: expect.stringMatching(/^[0-9a-f-]{36}$/),
      namespace: expect.stringMatching(/^pid:\[\d+\]$/),
    });
    expect(pidScope()).toEqual(pidScope());
  });
});
