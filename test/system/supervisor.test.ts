import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nowNs } from '../../src/kernel/clock.ts';
import {
  findByEnvironment,
  identify,
  isAlive,
  type ProcessIdentity,
  statOf,
} from '../../src/platform/process/proc.ts';
import type { Program, ProgramSpec } from '../../src/kernel/program.ts';
import {
  listRunFiles,
  MARK_VARIABLE,
  readRunFile,
  runFilePath,
} from '../../src/platform/process/run-file.ts';
import { openRunFolder, type RunFolder } from '../../src/platform/process/run-folder.ts';
import { startSupervisor, type Supervisor } from '../../src/platform/process/supervisor.ts';
import { firstLine, fixture, ownFolders, until, untilGone } from './processes.ts';

let own: ReturnType<typeof ownFolders>;
let run: RunFolder;
let supervisor: Supervisor;

beforeEach(async () => {
  own = ownFolders();
  run = openRunFolder();
  supervisor = await startSupervisor(run);
});

afterEach(async () => {
  await supervisor[Symbol.asyncDispose]();
  run[Symbol.dispose]();
  own[Symbol.dispose]();
});

function start(name: string, file: string, args: readonly string[], more: Partial<ProgramSpec> = {}) {
  return supervisor.spawn({ name, file, args, outputPath: path.join(run.folder, `${name}.log`), ...more });
}

function startNode(name: string, script: string, args: readonly string[], more: Partial<ProgramSpec> = {}) {
  return start(name, process.execPath, [fixture(script), ...args], more);
}

async function ready(program: Program): Promise<Program> {
  await firstLine(program.outputPath);
  return program;
}

describe('a program', () => {
  test('gets a signal at its instant, which is seen to be followed, and none that was called off', async () => {
    const program = await start('sleeper', '/bin/sleep', ['600']);
    const call = new AbortController();
    const atNs = nowNs() + 50e6;
    const at = (ms: number) => ({ atNs: atNs + ms * 1e6, cancel: call.signal });
    const [stopped, wentOn] = await Promise.all([
      program.signal('SIGSTOP', at(0)),
      program.signal('SIGCONT', at(100)),
    ]);
    expect(stopped).toMatchObject({ wasStopped: false });
    expect(wentOn).toMatchObject({ wasStopped: true });
    expect(stopped!.sentNs).toBeGreaterThan(atNs - 1e6);
    expect(stopped!.seenNs).toBeGreaterThanOrEqual(stopped!.sentNs);
    expect(wentOn!.sentNs).toBeGreaterThan(atNs + 99e6);

    const never = program.signal('SIGKILL', { atNs: nowNs() + 3.6e12, cancel: call.signal });
    call.abort();
    expect(await never).toBeUndefined();
    expect(await program.signal('SIGKILL', at(0))).toBeUndefined();
    expect(isAlive(identify(program.pid))).toBe(true);
  });

  test('leads a process group of its own and ends on stop', async () => {
    const program = await start('sleeper', '/bin/sleep', ['600']);
    expect(statOf(program.pid)).toMatchObject({ group: program.pid, parent: supervisor.reaperPid });

    const end = await program.stop();

    expect(end).toMatchObject({ code: null, signal: 'SIGTERM', forced: false });
    expect(isAlive(identify(program.pid))).toBe(false);
    expect(await program.ended).toBe(end);
  });

  test('that ends by itself is reported with its code and the instant', async () => {
    const beforeNs = nowNs();
    const program = await start('failing', '/bin/false', []);
    const end = await program.ended;
    expect(end).toMatchObject({ code: 1, signal: null, forced: false });
    expect(end.atNs).toBeGreaterThan(beforeNs);
    expect(end.atNs).toBeLessThan(nowNs());
    // Its pid may be another's by now: nothing is sent, nothing is waited for.
    await program.signal('SIGKILL');
    expect(await program.stop()).toBe(end);
  });

  test('that ended before its start was heard of is not missed', async () => {
    const started = start('quick', '/bin/true', []);
    // Nothing is heard while this loops: start and end arrive in one piece.
    const childOf = () => readRunFile(runFilePath(run.mark))?.processes.find(({ role }) => role === 'child');
    let child: ProcessIdentity | undefined;
    while (!child) child = childOf();
    while (statOf(child.pid) || statOf(supervisor.reaperPid)?.state !== 'S');
    expect(await (await started).ended).toMatchObject({ code: 0 });
  });

  test('that ignores SIGTERM is killed, and the end says so', async () => {
    const program = await ready(await startNode('stubborn', 'stubborn.ts', [], { graceMs: 50 }));
    expect(await program.stop()).toMatchObject({ code: null, signal: 'SIGKILL', forced: true });
  });

  test('that is killed on purpose was not forced', async () => {
    const program = await start('sleeper', '/bin/sleep', ['600']);
    await program.signal('SIGKILL');
    expect(await program.ended).toMatchObject({ signal: 'SIGKILL', forced: false });
  });

  test('that is stopped still ends by SIGTERM', async () => {
    const program = await start('frozen', '/bin/sleep', ['600'], { graceMs: 30_000 });
    await program.signal('SIGSTOP');
    await until('the stop', () => statOf(program.pid)?.state === 'T');
    expect(await program.stop()).toMatchObject({ signal: 'SIGTERM', forced: false });
  });

  test('is signalled with its whole group', async () => {
    const program = await startNode('parent', 'parent.ts', ['attached']);
    const child = identify(Number(await firstLine(program.outputPath)));
    expect(isAlive(child)).toBe(true);
    await program.signal('SIGSTOP');
    await until('the stop of both', () =>
      [program.pid, child.pid].every((pid) => statOf(pid)?.state === 'T'),
    );
    await program.signal('SIGKILL');
    await program.ended;
    await untilGone(child);
  });

  test('has not ended before the rest of its group has', async () => {
    const program = await startNode('parent', 'parent.ts', ['attached']);
    const child = identify(Number(await firstLine(program.outputPath)));
    process.kill(program.pid, 'SIGKILL');
    expect(await program.ended).toMatchObject({ signal: 'SIGKILL', forced: false });
    expect(isAlive(child)).toBe(false);
  });

  test('gets a minimal environment, the mark, and what its spec adds', async () => {
    process.env['COMMBENCH_TEST_SECRET'] = 'not for children';
    const program = await start('env', '/usr/bin/env', [], { env: { ADDED: 'yes' } });
    delete process.env['COMMBENCH_TEST_SECRET'];
    await program.ended;
    const lines = readFileSync(program.outputPath, 'utf8').trim().split('\n');
    expect(lines).toEqual(expect.arrayContaining([`${MARK_VARIABLE}=${run.mark}`, 'ADDED=yes']));
    const names = lines.map((line) => line.split('=')[0]!);
    const allowed = ['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR', MARK_VARIABLE, 'ADDED'];
    expect(names.filter((name) => !allowed.includes(name))).toEqual([]);
  });

  test('appends both its outputs to the file', async () => {
    for (const word of ['one', 'two']) {
      await (
        await start('words', process.execPath, ['-e', `console.log('${word}'); console.error('and')`])
      ).ended;
    }
    const words = readFileSync(path.join(run.folder, 'words.log'), 'utf8');
    expect(words.split('\n')).toEqual(['one', 'and', 'two', 'and', '']);
  });

  test.for([
    [
      'a missing program',
      '/nonexistent/program',
      {},
      /broken could not be started by \/nonexistent\/program.*ENOENT/,
    ],
    ['a file that is no program', fixture('parent.ts'), {}, /EACCES/],
    ['a missing folder', '/bin/sleep', { cwd: '/nonexistent' }, /in \/nonexistent: ENOENT/],
    [
      'an output file nowhere',
      '/bin/sleep',
      { outputPath: '/nonexistent/out' },
      /ENOENT.*\/nonexistent\/out/,
    ],
  ] as const)('that cannot be started is refused with the reason: %s', async ([, file, more, reason]) => {
    const started = start('broken', file, ['600'], more);
    await expect(started).rejects.toMatchObject({
      code: 'child-failed',
      message: expect.stringMatching(reason),
    });
    // The reaper goes on.
    expect(await (await start('fine', '/bin/true', [])).ended).toMatchObject({ code: 0 });
  });
});

describe('disposing', () => {
  test('ends everything, last started first, and removes folder and run file', async () => {
    const will = path.join(own.folder, 'will');
    const programs: Program[] = [];
    for (const name of ['broker', 'service', 'generator']) {
      programs.push(await startNode(name, 'last-will.ts', [will, name]));
    }
    for (const program of programs) await ready(program);

    await supervisor[Symbol.asyncDispose]();

    expect(readFileSync(will, 'utf8').split('\n')).toEqual(['generator', 'service', 'broker', '']);
    for (const program of programs) expect(await program.ended).toMatchObject({ code: 0 });
    expect(existsSync(run.folder)).toBe(false);
    expect(listRunFiles()).toEqual([]);
    expect(isAlive(identify(supervisor.reaperPid))).toBe(false);
  });

  test('ends who left the group and the session but carries the mark', async () => {
    const program = await startNode('parent', 'parent.ts', ['detached']);
    const stray = identify(Number(await firstLine(program.outputPath)));
    await program.stop();
    expect(isAlive(stray)).toBe(true);

    await supervisor[Symbol.asyncDispose]();

    expect(isAlive(stray)).toBe(false);
    expect(findByEnvironment(MARK_VARIABLE, run.mark)).toEqual([]);
  });
});

test('a reaper that somebody stopped is set going to do its last work', async () => {
  const sleeper = await start('sleeper', '/bin/sleep', ['600']);
  process.kill(supervisor.reaperPid, 'SIGSTOP');
  await until('the stop', () => statOf(supervisor.reaperPid)?.state === 'T');
  await supervisor[Symbol.asyncDispose]();
  expect(await sleeper.ended).toMatchObject({ signal: 'SIGTERM', forced: false });
  expect(existsSync(run.folder)).toBe(false);
});

describe('a reaper that ends unasked', () => {
  test('by kill -9: is noticed, and its programs end all the same', async () => {
    const sleeper = await start('sleeper', '/bin/sleep', ['600']);
    const stubborn = await ready(await startNode('stubborn', 'stubborn.ts', []));
    const parent = await startNode('parent', 'parent.ts', ['detached']);
    const stray = identify(Number(await firstLine(parent.outputPath)));
    const processes = [sleeper, stubborn, parent].map(({ pid }) => identify(pid));

    process.kill(supervisor.reaperPid, 'SIGKILL');

    expect(await supervisor.lost).toMatch(/reaper \(pid \d+\) was ended by SIGKILL/);
    await expect(start('late', '/bin/true', [])).rejects.toMatchObject({ code: 'reaper-lost' });
    for (const program of [sleeper, stubborn, parent]) {
      expect(await program.ended).toMatchObject({ code: null, signal: null });
    }
    for (const it of [...processes, stray]) expect(isAlive(it)).toBe(false);
  });

  test('by SIGTERM: ends its programs itself', async () => {
    const sleeper = await start('sleeper', '/bin/sleep', ['600']);
    process.kill(supervisor.reaperPid, 'SIGTERM');
    expect(await sleeper.ended).toMatchObject({ signal: 'SIGTERM', forced: false });
    expect(await supervisor.lost).toMatch(/got a SIGTERM/);
  });
});

test('two supervisors do not know of each other', async () => {
  using otherRun = openRunFolder();
  const mine = await start('mine', '/bin/sleep', ['600']);
  {
    await using other = await startSupervisor(otherRun);
    const outputPath = path.join(otherRun.folder, 'theirs.log');
    await other.spawn({ name: 'theirs', file: '/bin/sleep', args: ['600'], outputPath });
  }
  expect(isAlive(identify(mine.pid))).toBe(true);
  expect(existsSync(run.folder)).toBe(true);
});

test('nothing is started once the run was interrupted', async () => {
  using otherRun = openRunFolder();
  const controller = new AbortController();
  await using other = await startSupervisor({ ...otherRun, signal: controller.signal });
  controller.abort(new Error('interrupted'));
  const outputPath = path.join(otherRun.folder, 'late.log');
  const late = other.spawn({ name: 'late', file: '/bin/sleep', args: ['600'], outputPath });
  await expect(late).rejects.toThrow('interrupted');
});
