import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { runCase, type Verdict } from './leaks/case.ts';
import type { Course } from './leaks/course.ts';
import { openEvidence } from './leaks/evidence.ts';
import { faultsCourse } from './leaks/faults-course.ts';
import { type Ground, openGround } from './leaks/ground.ts';
import { traces, untilNobody } from './leaks/left.ts';
import { MOMENT_KINDS, runMoments } from './leaks/moments.ts';
import { patternsCourse } from './leaks/patterns-course.ts';
import { planCases } from './leaks/plan.ts';
import { readResult } from './leaks/result.ts';
import { startRun } from './leaks/started.ts';

/**
 * `npm run prove -- leaks [cases] [seed] [patterns|faults]`: kills a part of a real run at a drawn moment, many times
 * over, and looks from outside (processes, folders, the result file, the exit code) whether anything
 * stayed behind. All cases share one temporary folder and one cache, so that each has to cope with
 * what the one before left. Resumable: what has passed with the same seed is not repeated.
 *
 * `npm run prove -- leaks moments [kind ...]`: what else may happen to a run (stop, pause, disk, namespace, sleep, together;
 * default: all), each kind in less than ten minutes. Needs root for disks, networks and freezers of its own.
 */
const ROOT = path.resolve(import.meta.dirname, '..');
const COURSES: readonly Course[] = [patternsCourse, faultsCourse];

export async function run(args: string[]): Promise<number> {
  if (args[0] === 'moments') return moments(args.slice(1));
  const count = Number(args[0] ?? 50);
  const seed = Number(args[1] ?? 1);
  const course = COURSES.find(({ name }) => name === (args[2] ?? patternsCourse.name));
  if (!course) {
    console.error(`leaks: expected one of ${COURSES.map(({ name }) => name).join(', ')}, found ${args[2]}`);
    return 2;
  }
  using ground = openGround(ROOT);
  const evidence = openEvidence<Verdict>(
    path.join(ROOT, 'docs/evidence', course.evidence),
    course.plan,
    seed,
  );
  let failed = 0;
  for (const one of planCases(course, count, seed)) {
    const earlier = evidence.passed(one.id);
    const verdict = earlier ?? (await runCase(course, one, ground));
    if (!earlier) evidence.add(verdict);
    if (verdict.problems.length > 0) failed++;
    console.log(`${one.id + 1}/${count} ${inWords(verdict)}${earlier ? ' (earlier)' : ''}`);
  }
  const problems = await wholeRun(course, ground);
  console.log(
    problems.length === 0 ? 'a whole run after all kills: ok' : `a whole run: ${problems.join('; ')}`,
  );
  if (problems.length > 0) failed++;
  console.log(`${count + 1 - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

async function moments(asked: readonly string[]): Promise<number> {
  const unknown = asked.find((kind) => !MOMENT_KINDS.includes(kind));
  if (unknown === undefined) return runMoments(ROOT, asked.length === 0 ? MOMENT_KINDS : asked);
  console.error(`leaks: expected one of ${MOMENT_KINDS.join(', ')}, found ${unknown}`);
  return 2;
}

function inWords(verdict: Verdict): string {
  const { stage, occurrence, victim, delayMs, attempt, end, endedAfterMs, goneAfterMs, next, problems } =
    verdict;
  const again = attempt > 1 ? `, moment ${attempt}` : '';
  const cleaned = next ? ', cleaned by the next command' : '';
  const outcome = problems.length === 0 ? 'ok' : problems.join('; ');
  return `${stage} ${occurrence} ${victim} +${delayMs} ms${again}: ended with ${end} after ${endedAfterMs} ms, all gone ${goneAfterMs} ms later${cleaned}: ${outcome}`;
}

/** After all that, a run that nobody disturbs does everything and leaves nothing. */
async function wholeRun(course: Course, ground: Ground): Promise<string[]> {
  const whole = startRun(course, ground, { name: 'whole' });
  const end = await whole.ended;
  const { left } = await untilNobody(ground, []);
  const { result, problems } = await readResult(whole.out, ground);
  if (end !== 0) problems.push(`ended with ${end}: ${whole.text().slice(-500)}`);
  if (result?.state !== 'complete' || result.trials.length !== course.trials)
    problems.push('its result is not complete');
  const all = [...left, ...traces(ground), ...halfFetched(ground)];
  if (all.length > 0) problems.push(`left: ${all.join(', ')}`);
  return problems;
}

/** Of fetches that were cut off. */
function halfFetched(ground: Ground): string[] {
  const folder = path.join(ground.cache, 'commbench', 'brokers');
  return existsSync(folder) ? readdirSync(folder).filter((name) => /\.(part|old)-/.test(name)) : [];
}
