import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NS_PER_MS, NS_PER_S, nowNs } from '../../src/kernel/clock.ts';
import { CommbenchError } from '../../src/kernel/errors.ts';
import { lastOutputOf } from '../../src/platform/process/last-output.ts';
import { cpuNsOf, endedChildrenCpuNs, machineCpu, statOf } from '../../src/platform/process/proc.ts';
import { programEndText, type ProgramEnd } from '../../src/kernel/program.ts';
import type { Said, Turn, Work } from './record.ts';
import type { Testbed } from '../../src/trial/environment/testbed.ts';
import { openReferee, type Referee } from './open-referee.ts';
import { argumentsFor, type FoundTool, type Job, saidBy } from './tool.ts';

/** A tool that takes so much longer than its work is ended. */
const SPARE_MS = 30_000;

export interface TurnPlan {
  /** Unique in the run: for names of processes and files. */
  readonly id: string;
  readonly work: Work;
  readonly round: number;
  readonly found: FoundTool;
  readonly connections: number;
}

/** One tool, once, on a referee of its own. @returns undefined where the tool can't do this work */
export async function takeTurn(testbed: Testbed, plan: TurnPlan): Promise<Turn | undefined> {
  const { work, found, id } = plan;
  await using referee = await openReferee(testbed, `referee-${id}`, plan);
  const job: Job = {
    work,
    port: referee.port,
    connections: plan.connections,
    outPath: path.join(testbed.folder, `${id}.out`),
    inPath: path.join(testbed.folder, `${id}.in.${found.tool.input?.extension}`),
  };
  const args = argumentsFor(found.tool, job);
  if (!args) return undefined;
  const { input } = found.tool;
  if (input) writeFileSync(job.inPath, input.text(job));
  const run = await timed(testbed, plan, args, referee);
  const { seen } = await referee.report();
  const reading =
    run.failure === null ? readingOf(found, run.outputPath, job) : { said: null, failure: run.failure };
  return {
    work: work.id,
    tool: found.tool.name,
    round: plan.round,
    failure: reading.failure,
    wallMs: run.wallMs,
    cpuUsPerRequest: run.cpuNs === undefined || seen.count === 0 ? null : run.cpuNs / 1000 / seen.count,
    othersCores: run.othersCores ?? null,
    said: reading.said,
    seen,
  };
}

interface Run {
  readonly outputPath: string;
  readonly failure: string | null;
  readonly wallMs: number;
  readonly cpuNs: number | undefined;
  readonly othersCores: number | undefined;
}

/** Runs the tool to its end; what it cost is seen from the one who waits for it. */
async function timed(
  testbed: Testbed,
  { id, found, work }: TurnPlan,
  args: readonly string[],
  referee: Referee,
): Promise<Run> {
  const outputPath = path.join(testbed.folder, `${id}.log`);
  // The process that starts our children, and so waits for them.
  const parent = statOf(referee.program.pid)?.parent;
  const usage = () => ({
    tool: parent === undefined ? undefined : endedChildrenCpuNs(parent),
    referee: cpuNsOf(referee.program.pid),
    self: cpuNsOf(process.pid),
    machine: machineCpu()?.busyNs,
  });
  const before = usage();
  const fromNs = nowNs();
  const started = await testbed.spawner
    .spawn({
      name: id,
      file: found.file,
      args: [...found.first, ...args],
      env: environmentOf(found),
      outputPath,
    })
    .catch(refusal);
  if (started instanceof CommbenchError) {
    return { outputPath, failure: started.message, wallMs: 0, cpuNs: undefined, othersCores: undefined };
  }
  await using program = started;
  const end = await endOf(testbed, program.ended, work.seconds * 1000 + SPARE_MS);
  if (end === undefined) await program.stop();
  const wallNs = (end?.atNs ?? nowNs()) - fromNs;
  const after = usage();
  const spent = (who: keyof typeof before): number | undefined =>
    before[who] === undefined || after[who] === undefined ? undefined : after[who] - before[who];
  const [cpuNs, machine] = [spent('tool'), spent('machine')];
  const known = (cpuNs ?? 0) + (spent('referee') ?? 0) + (spent('self') ?? 0);
  return {
    outputPath,
    failure: failureOf(end, outputPath),
    wallMs: wallNs / NS_PER_MS,
    cpuNs,
    othersCores: machine === undefined ? undefined : Math.max(0, (machine - known) / (nowNs() - fromNs)),
  };
}

/** Why a program was not started: that is its own failure, and no end of the run. @throws whatever else went wrong */
export function refusal(error: unknown): CommbenchError {
  if (error instanceof CommbenchError && error.code === 'child-failed') return error;
  throw error;
}

/** Scripts that ask for `node` get the one that runs this program. */
export function environmentOf({ tool }: FoundTool): Record<string, string> {
  const PATH = [path.dirname(process.execPath), process.env['PATH'] ?? ''].join(path.delimiter);
  return { PATH, ...tool.env };
}

/** Undefined: it did not end in time. */
async function endOf(
  testbed: Testbed,
  ended: Promise<ProgramEnd>,
  boundMs: number,
): Promise<ProgramEnd | undefined> {
  const bound = new AbortController();
  const signal = AbortSignal.any([bound.signal, testbed.signal]);
  const late = sleep(boundMs, undefined, { signal }).catch(() => undefined);
  try {
    return await Promise.race([ended, late]);
  } finally {
    bound.abort();
    testbed.signal.throwIfAborted();
  }
}

function failureOf(end: ProgramEnd | undefined, outputPath: string): string | null {
  if (end === undefined) return 'it did not end in time';
  if (end.code === 0) return null;
  return `it ${programEndText(end)}: ${lastOutputOf(outputPath) || 'it said nothing'}`;
}

function readingOf(
  { tool }: FoundTool,
  outputPath: string,
  job: Job,
): { said: Said | null; failure: string | null } {
  try {
    const said = saidBy(tool, readFileSync(outputPath, 'utf8'), () => readFileSync(job.outPath, 'utf8'), job);
    return { said, failure: null };
  } catch (error) {
    return {
      said: null,
      failure: `what it printed could not be read: ${(error as Error).message.split('\n', 1)[0]}`,
    };
  }
}

/** Waits, within a bound, until others leave the machine alone. */
export async function waitForQuiet({ signal }: Pick<Testbed, 'signal'>, boundMs: number): Promise<void> {
  const POLL_MS = 500;
  const QUIET_CORES = 0.5;
  const endNs = nowNs() + boundMs * NS_PER_MS;
  while (nowNs() < endNs) {
    const before = machineCpu()?.busyNs;
    if (before === undefined) return;
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
    signal.throwIfAborted();
    if ((machineCpu()!.busyNs - before) / (POLL_MS / 1000) <= QUIET_CORES * NS_PER_S) return;
  }
}
