import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Result } from '../../../src/record/record.ts';
import type { End } from '../ends.ts';
import type { Ground } from '../ground.ts';
import { living, recorded, traces, untilNobody } from '../left.ts';
import { readResult } from '../result.ts';
import { startCommand, type Started, type Wrap } from '../started.ts';
import { signal } from '../victims.ts';
import { writeFileSync } from 'node:fs';

/** Verdicts of another plan are not comparable: raise it with every change of what a moment does or demands. */
export const MOMENT_PLAN = 1;

/** After the moment, a run that has not ended by then hangs. */
export const MOST_MS = 240_000;

/** Something that happens to a real run, once, beside a kill. */
export interface Moment {
  /** Its kind and what is special: `stop reaper`. */
  readonly id: string;
  run(ground: Ground): Promise<MomentVerdict>;
}

export interface MomentVerdict {
  readonly id: string;
  readonly commit: string;
  readonly end: End | null;
  /** From the moment to the end of the command. */
  readonly endedAfterMs: number;
  /** From that end to that of the last process. */
  readonly goneAfterMs: number;
  readonly state: string | null;
  /** Of each trial its failure, or its validity with the causes. */
  readonly trials: readonly string[];
  /** What was printed as an error. */
  readonly messages: readonly string[];
  readonly left: readonly string[];
  readonly problems: readonly string[];
}

/** What was seen of a run that met its moment. */
export interface Seen extends Pick<MomentVerdict, 'trials' | 'messages'> {
  readonly result: Result | null;
  readonly text: string;
}

/** A run of one scenario, and the moment that it meets. */
export interface RunPlan {
  readonly scenario: string;
  /** The line of plain progress after which it comes. */
  readonly begins: RegExp;
  readonly afterMs?: number;
  readonly wrap?: Wrap;
  /** Default: in the folder of work. */
  readonly out?: string;
  /** Resolves when all is done that is done by hand. */
  act(run: Started, ground: Ground): Promise<void> | void;
  readonly ends: readonly End[];
  /** What of its end is not as it should be, besides the exit code and what was left. */
  check(seen: Seen): string[];
}

/** Starts the run, lets it meet its moment, and looks at what became of it. */
export async function meet(id: string, plan: RunPlan, ground: Ground): Promise<MomentVerdict> {
  const file = path.join(ground.work, 'moment.yaml');
  const out = plan.out ?? path.join(ground.work, 'moment.json');
  writeFileSync(file, plan.scenario);
  const run = { ...startCommand(['run', file, '--out', out, '--seed', '1'], ground, plan.wrap), out };
  if (!(await run.saw(plan.begins, 1))) {
    const end = await run.ended;
    return { ...nothing(id, ground), end, problems: [`it never began: ${run.text().slice(-1500)}`] };
  }
  await sleep(plan.afterMs ?? 0);
  const known = recorded(ground);
  const metMs = performance.now();
  await plan.act(run, ground);
  const end = await Promise.race([run.ended, sleep(MOST_MS, 'hung' as const, { ref: false })]);
  const endedAfterMs = Math.round(performance.now() - metMs);
  if (end === 'hung') signal(-run.child.pid!, 'SIGKILL');
  const { left: stayed, afterMs: goneAfterMs } = await untilNobody(ground, known);
  const left = [...stayed, ...traces(ground)];
  const { result, problems: damage } = await readResult(out, ground);
  const seen = { result, text: run.text(), trials: trialsOf(result), messages: messagesIn(run.text()) };
  const problems = [
    ...(plan.ends.includes(end) ? [] : [`expected to end with ${plan.ends.join(' or ')}, found ${end}`]),
    ...(left.length > 0 ? [`left: ${left.join(', ')}`] : []),
    ...(/defect of commbench/.test(seen.text) ? ['a defect was met'] : []),
    ...damage,
    ...plan.check(seen),
  ];
  const tail = problems.length > 0 ? [`its last output: ${seen.text.slice(-1500)}`] : [];
  const { trials, messages } = seen;
  const state = result?.state ?? null;
  const ended = { end, endedAfterMs, goneAfterMs, state, trials, messages, left };
  return { id, commit: ground.commit, ...ended, problems: [...problems, ...tail] };
}

export function nothing(id: string, ground: Ground): Omit<MomentVerdict, 'problems'> {
  const { commit } = ground;
  const none = { end: null, endedAfterMs: 0, goneAfterMs: 0, state: null };
  return { id, commit, ...none, trials: [], messages: [], left: living(ground, []) };
}

export function trialsOf(result: Result | null): string[] {
  return (result?.trials ?? []).map(({ failure, validity: { verdict, causes } }) => {
    return failure ?? [verdict, ...causes.map(({ detail }) => detail)].join(': ');
  });
}

function messagesIn(text: string): string[] {
  return [...text.matchAll(/^commbench: .*$/gm)].map(([line]) => line.trim());
}

/** Expected in one of the texts. */
export function expectIn(texts: readonly string[], wanted: RegExp, where: string): string[] {
  return texts.some((text) => wanted.test(text))
    ? []
    : [`expected ${String(wanted)} in ${where}, found ${texts.join(' | ') || 'nothing'}`];
}

/** Every trial that was finished is in the file, and as many as this failed or are not valid. */
export function expectState(result: Result | null, state: string): string[] {
  return result?.state === state
    ? []
    : [`expected a result that is ${state}, found ${result?.state ?? 'none'}`];
}

/** A short scenario of one pattern. */
export function scenarioOf(pattern: keyof typeof PATTERNS, more = ''): string {
  return `name: moment
title: A run that meets its moment
patterns: [${PATTERNS[pattern]}]
load: { shape: constant, ratePerS: 100 }
durationMs: 4000
deadlineMs: 500
rounds: 2
noop: false
warmUp: { calls: 500, probeMs: 0 }
${more}`;
}

const PATTERNS = {
  rest: '{ id: rest, title: REST, transport: rest, interaction: request-reply }',
  queue: '{ id: queue, title: Queue, transport: rabbitmq, interaction: work-queue }',
  kafka: '{ id: kafka, title: Events, transport: kafka, interaction: publish-subscribe }',
} as const;

/** The measured part of the first trial. */
export const FIRST_LOAD = /^ {2}(?:baseline|no fault), \d/gm;
