import { rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Course } from './course.ts';
import { type End, problemsOfEnd } from './ends.ts';
import type { Ground } from './ground.ts';
import { living, recorded, sweep, traces, untilNobody } from './left.ts';
import { type Case, momentMs } from './plan.ts';
import { readResult } from './result.ts';
import { type Started, startRun } from './started.ts';
import { kill, signal } from './victims.ts';

const ATTEMPTS = 4;
const TRIAL_ENDED = /^\d+\/\d+ .*: (?!started)/gm;

export interface Verdict extends Case {
  readonly commit: string;
  /** After the stage was seen to begin. */
  readonly delayMs: number;
  /** More than 1: so often there was nobody to kill, and the moment was drawn again. */
  readonly attempt: number;
  /** Who lived just before the kill. */
  readonly alive: readonly string[];
  readonly end: End | null;
  /** From the kill to npx's end. */
  readonly endedAfterMs: number;
  /** From npx's end to that of the last process. */
  readonly goneAfterMs: number;
  /** The CLI said that it was ending in order. */
  readonly inOrder: boolean;
  readonly trialsAnnounced: number;
  readonly trialsInResult: number | null;
  readonly state: string | null;
  readonly leftProcesses: readonly string[];
  readonly leftTraces: readonly string[];
  /** Where something was left: how the next command ended, and whether it said that it cleaned up. */
  readonly next: { readonly end: End; readonly cleaned: boolean } | null;
  readonly problems: readonly string[];
}

export async function runCase(course: Course, one: Case, ground: Ground): Promise<Verdict> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const verdict = await tryCase(course, one, attempt, ground);
    sweep(ground);
    if (verdict) return verdict;
  }
  const problem = `nobody to kill at any of ${ATTEMPTS} moments`;
  return { ...nothingSeen(course, one, ground, ATTEMPTS), problems: [problem] };
}

/** @returns undefined where there was nobody to kill */
async function tryCase(
  course: Course,
  one: Case,
  attempt: number,
  ground: Ground,
): Promise<Verdict | undefined> {
  makeRoomFor(one, ground);
  const run = startRun(course, ground, { name: 'killed', fault: one.fault });
  if (!(await run.saw(course.stages[one.stage]!.begins, one.occurrence))) {
    const end = await run.ended;
    const problem = `stage ${one.stage} never began, npx ended with ${end}: ${run.text().slice(-1500)}`;
    return { ...nothingSeen(course, one, ground, attempt), end, problems: [problem] };
  }
  const delayMs = momentMs(course, one, attempt);
  await sleep(delayMs);
  const known = recorded(ground);
  const before = run.text();
  const alive = living(ground, known);
  if (!kill(one.victim, run, ground)) {
    await endUnkilled(run, ground);
    return undefined;
  }
  const killedAt = performance.now();
  const end = await run.ended;
  const endedAfterMs = Math.round(performance.now() - killedAt);
  const aftermath = await assessLeft(course, one, ground, known, run);
  const textAfter = run.text().slice(before.length);
  const trialsAnnounced = [...before.matchAll(TRIAL_ENDED)].length;
  const { result, problems } = await readResult(run.out, ground);
  const state = result?.state ?? null;
  const trialsInResult = result?.trials.length ?? null;
  if ((trialsInResult ?? 0) < trialsAnnounced)
    problems.push(`${trialsAnnounced} trials were finished, ${trialsInResult ?? 'none'} in the result`);
  return {
    ...one,
    commit: ground.commit,
    delayMs,
    attempt,
    alive,
    end,
    endedAfterMs,
    inOrder: /Shutting down/.test(textAfter),
    trialsAnnounced,
    trialsInResult,
    state,
    ...aftermath,
    problems: [
      ...problemsOfEnd(course, one, { end, state, textBefore: before, textAfter }),
      ...aftermath.problems,
      ...problems,
    ],
  };
}

/** Only who owns the children may leave some, when both owners are killed at once: to the next command. */
async function assessLeft(
  course: Course,
  one: Case,
  ground: Ground,
  known: ReturnType<typeof recorded>,
  run: Started,
) {
  const mayLeave = one.victim === 'cli+reaper';
  const first = mayLeave ? { left: living(ground, known), afterMs: 0 } : await untilNobody(ground, known);
  const leftTraces = traces(ground);
  const problems: string[] = [];
  if (!mayLeave && first.left.length > 0) problems.push(`left running: ${first.left.join(', ')}`);
  if (!mayLeave && leftTraces.length > 0) problems.push(`left lying: ${leftTraces.join(', ')}`);
  const isLeft = first.left.length + leftTraces.length > 0;
  const next = isLeft ? await nextCommand(course, ground) : null;
  if (isLeft) {
    const { left } = await untilNobody(ground, known);
    const after = [...left, ...traces(ground)];
    if (after.length > 0) problems.push(`left after the next command too: ${after.join(', ')}`);
    if (next?.end !== 3) problems.push(`the next command ended with ${next?.end}`);
    if (!next?.cleaned) problems.push('the next command did not say that it cleaned up');
  }
  // All writers are gone; what they wrote is on its way.
  if (run.child.stdout?.closed === false) await sleep(100);
  return { leftProcesses: first.left, leftTraces, goneAfterMs: first.afterMs, next, problems };
}

async function nextCommand(course: Course, ground: Ground): Promise<{ end: End; cleaned: boolean }> {
  const run = startRun(course, ground, { name: 'next', args: course.nothing });
  const end = await run.ended;
  return { end, cleaned: /Cleaned up after a run that was killed/.test(run.text()) };
}

async function endUnkilled(run: Started, ground: Ground): Promise<void> {
  if (run.child.exitCode === null && run.child.signalCode === null) signal(run.child.pid!, 'SIGTERM');
  await run.ended;
  await untilNobody(ground, []);
}

function makeRoomFor({ stage }: Case, ground: Ground): void {
  if (stage === 'install') remove(path.join(ground.clone, 'node_modules'));
  if (stage === 'fetch') remove(path.join(ground.cache, 'commbench', 'brokers'));
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

function nothingSeen(
  course: Course,
  one: Case,
  { commit }: Ground,
  attempt: number,
): Omit<Verdict, 'problems'> {
  return {
    ...one,
    commit,
    delayMs: momentMs(course, one, attempt),
    attempt,
    alive: [],
    end: null,
    endedAfterMs: 0,
    goneAfterMs: 0,
    inOrder: false,
    trialsAnnounced: 0,
    trialsInResult: null,
    state: null,
    leftProcesses: [],
    leftTraces: [],
    next: null,
  };
}
