import type { Case, Stage, Victim } from './plan.ts';

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
  broker: [3],
  npx: ['SIGTERM', 143],
  'npx -9': ['SIGKILL'],
  'ctrl-c': ['SIGINT', 130],
};

/** Where the work of the victim may have been over already. */
const LATE: Partial<Record<Stage, Partial<Record<Victim, readonly End[]>>>> = {
  drain: { service: [0, 3], broker: [0, 3] },
  report: { reaper: [0], broker: [0] },
};

/** What was seen of the run's own end. */
export interface Ended {
  readonly end: End;
  /** `null`: there is no result file. */
  readonly state: string | null;
  /** What was printed after the kill. */
  readonly textAfter: string;
}

export function problemsOfEnd(one: Case, { end, state, textAfter }: Ended): string[] {
  const allowed = allowedEnds(one, textAfter);
  const problems: string[] = [];
  if (!allowed.includes(end)) problems.push(`expected to end with ${allowed.join(' or ')}, found ${end}`);
  if (end === 0 && state !== 'complete')
    problems.push(`exit code 0 with a result that is ${state ?? 'not there'}`);
  if (end === 3 && state === 'complete') problems.push('exit code 3 with a complete result');
  if (/defect of commbench/.test(textAfter)) problems.push(`a defect was met: ${textAfter.slice(-1500)}`);
  return problems;
}

/** A broker that no later trial needed may die without harm to any. */
function allowedEnds({ stage, victim }: Case, textAfter: string): readonly End[] {
  if (victim === 'broker' && stage !== 'provisioning' && !/^\d+\/\d+ Message queue/m.test(textAfter))
    return [0];
  return LATE[stage]?.[victim] ?? USUAL[victim];
}
