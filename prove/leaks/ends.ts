import type { Course, Victim } from './course.ts';
import type { Case } from './plan.ts';

/** How npx ended, as whoever started it sees it. */
export type End = number | NodeJS.Signals | 'hung';

/** The exit codes are those of src/kernel/errors.ts; 137 is what a shell says of a kill -9. */
const USUAL: Record<Victim, readonly End[]> = {
  launcher: [137],
  cli: [137],
  'cli+reaper': [137],
  reaper: [3],
  generator: [3],
  service: [3],
  proxy: [3],
  broker: [3],
  npx: ['SIGTERM', 143],
  'npx -9': ['SIGKILL'],
  'ctrl-c': ['SIGINT', 130],
};

/** What was seen of the run's own end. */
export interface Ended {
  readonly end: End;
  /** `null`: there is no result file. */
  readonly state: string | null;
  readonly textBefore: string;
  /** What was printed after the kill. */
  readonly textAfter: string;
}

export function problemsOfEnd(course: Course, one: Case, ended: Ended): string[] {
  const { end, state, textAfter } = ended;
  const allowed = allowedEnds(course, one, ended);
  const problems: string[] = [];
  if (!allowed.includes(end)) problems.push(`expected to end with ${allowed.join(' or ')}, found ${end}`);
  if (end === 0 && state !== 'complete')
    problems.push(`exit code 0 with a result that is ${state ?? 'not there'}`);
  if (end === 3 && state === 'complete') problems.push('exit code 3 with a complete result');
  if (/defect of commbench/.test(textAfter)) problems.push(`a defect was met: ${textAfter.slice(-1500)}`);
  return problems;
}

function allowedEnds(
  { stages, endsWithoutBroker }: Course,
  { stage, victim }: Case,
  { textBefore }: Ended,
): readonly End[] {
  const late = stages[stage]!.late?.[victim];
  if (late) return late;
  return victim === 'broker' ? endsWithoutBroker(textBefore) : USUAL[victim];
}
