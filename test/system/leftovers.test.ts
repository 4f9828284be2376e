import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findByEnvironment, identify, isAlive, pidScope, statOf } from '../../src/platform/process/proc.ts';
import { cleanLeftovers } from '../../src/platform/process/leftovers.ts';
import { listRunFiles, MARK_VARIABLE, runFilePath } from '../../src/platform/process/run-file.ts';
import { openRunFolder } from '../../src/platform/process/run-folder.ts';
import { firstLine, fixture, ownFolders, type StandIn, startStandIn, until, untilGone } from './processes.ts';

let own: ReturnType<typeof ownFolders>;
beforeEach(() => {
  own = ownFolders();
});
afterEach(() => own[Symbol.dispose]());

/** Programs that end gladly, only by force, after being continued, and out of reach of their group. */
async function startAll() {
  const run = await startStandIn([
    { name: 'sleeper', file: '/bin/sleep', args: ['600'] },
    { name: 'frozen', file: '/bin/sleep', args: ['600'] },
    { name: 'stubborn', file: process.execPath, args: [fixture('stubborn.ts')] },
    { name: 'parent', file: process.execPath, args: [fixture('parent.ts'), 'detached'] },
  ]);
  await firstLine(path.join(run.folder, 'stubborn.log'));
  const stray = identify(Number(await firstLine(path.join(run.folder, 'parent.log'))));
  process.kill(run.children['frozen']!.pid, 'SIGSTOP');
  const started = [...Object.values(run.children), stray];
  expect(started.filter(isAlive)).toHaveLength(5);
  return { run, started };
}

function expectNoTraces(run: StandIn): void {
  expect(findByEnvironment(MARK_VARIABLE, run.mark)).toEqual([]);
  expect(existsSync(run.folder)).toBe(false);
  expect(listRunFiles()).toEqual([]);
}

describe('kill -9', () => {
  test('of the CLI: the reaper ends everything and removes all traces', async () => {
    const { run, started } = await startAll();
    process.kill(run.cli.pid, 'SIGKILL');
    await untilGone(run.reaper, ...started);
    expectNoTraces(run);
  });

  test('of the reaper: the CLI ends everything', async () => {
    const { run, started } = await startAll();
    process.kill(run.reaper.pid, 'SIGKILL');
    await untilGone(...started);
    process.kill(run.cli.pid, 'SIGKILL');
    await untilGone(run.cli);
    // All that is left is files, for the next command.
    expect(await cleanLeftovers()).toEqual([{ mark: run.mark, folder: run.folder, ended: [] }]);
    expectNoTraces(run);
  });

  test('of both: the next command ends everything', async () => {
    const { run, started } = await startAll();
    // Stopped first, so that it can't act on the death of the reaper.
    process.kill(run.cli.pid, 'SIGSTOP');
    process.kill(run.reaper.pid, 'SIGKILL');
    process.kill(run.cli.pid, 'SIGKILL');
    await untilGone(run.cli, run.reaper);
    expect(started.filter(isAlive)).toHaveLength(5);

    const [leftover, ...others] = await cleanLeftovers();

    expect(others).toEqual([]);
    expect(leftover).toMatchObject({ mark: run.mark, folder: run.folder });
    const named = Object.entries(run.children).map(([name, { pid }]) => `${name} (pid ${pid})`);
    expect(leftover!.ended).toEqual(
      expect.arrayContaining([...named, `unnamed (pid ${started.at(-1)!.pid})`]),
    );
    expect(started.filter(isAlive)).toEqual([]);
    expectNoTraces(run);
  });

  test('of the CLI while the reaper is stopped: the next command sets it going', async () => {
    const { run, started } = await startAll();
    process.kill(run.reaper.pid, 'SIGSTOP');
    await until('the stop', () => statOf(run.reaper.pid)?.state === 'T');
    process.kill(run.cli.pid, 'SIGKILL');
    await untilGone(run.cli);
    expect(started.filter(isAlive)).toHaveLength(5);

    await cleanLeftovers();

    await untilGone(run.reaper, ...started);
    expectNoTraces(run);
  });
});

describe('only what is surely ours is touched', () => {
  test('a run whose CLI lives', async () => {
    const { run, started } = await startAll();
    expect(await cleanLeftovers()).toEqual([]);
    expect(started.filter(isAlive)).toHaveLength(5);
    expect(existsSync(run.folder)).toBe(true);
    process.kill(run.cli.pid, 'SIGKILL');
    await untilGone(run.reaper, ...started);
  });

  test('a later process with a recorded pid', async () => {
    const bystander = spawn('/bin/sleep', ['600'], { detached: true, stdio: 'ignore' });
    const { pid, startTicks } = identify(bystander.pid!);
    const { mark, folder } = deadRun({ pid, startTicks: startTicks! - 1 });
    expect(await cleanLeftovers()).toEqual([{ mark, folder, ended: [] }]);
    expect(isAlive({ pid, startTicks })).toBe(true);
    bystander.kill('SIGKILL');
  });

  test('a folder that is not named like a run', async () => {
    const keep = path.join(own.folder, 'keep');
    mkdirSync(keep);
    deadRun({}, { folder: keep });
    await cleanLeftovers();
    expect(existsSync(keep)).toBe(true);
    expect(listRunFiles()).toEqual([]);
  });

  test('a run of another container', async () => {
    const { folder } = deadRun({}, { namespace: 'pid:[1]' });
    expect(await cleanLeftovers()).toEqual([]);
    expect(existsSync(folder)).toBe(true);
    expect(listRunFiles()).toHaveLength(1);
  });

  test('a process of this boot, when the run was of an earlier one', async () => {
    const bystander = spawn('/bin/sleep', ['600'], { detached: true, stdio: 'ignore' });
    const it = identify(bystander.pid!);
    const { mark, folder } = deadRun(it, { boot: 'an earlier one' });
    expect(await cleanLeftovers()).toMatchObject([{ mark, ended: [] }]);
    expect(isAlive(it)).toBe(true);
    expect(existsSync(folder)).toBe(false);
    bystander.kill('SIGKILL');
  });
});

test('a torn last line of a run file does no harm', async () => {
  const { mark, folder } = deadRun({});
  writeFileSync(runFilePath(mark), '{"role":"child","na', { flag: 'a' });
  expect(await cleanLeftovers()).toEqual([{ mark, folder, ended: [] }]);
});

/** A run whose CLI is dead, with one recorded child, and a header changed like this. */
function deadRun(child: object, header: object = {}): { mark: string; folder: string } {
  const { mark, folder } = openRunFolder();
  const file = runFilePath(mark);
  const [first] = readFileSync(file, 'utf8').split('\n');
  const lines = [
    { ...(JSON.parse(first!) as object), ...pidScope(), ...header },
    { role: 'cli', name: 'commbench', ...identify(process.pid), startTicks: 1 },
    { role: 'child', name: 'child', pid: 2 ** 30, startTicks: 1, ...child },
  ];
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return { mark, folder };
}
