import { draw } from '../../src/kernel/random.ts';

/** Verdicts of another plan are not comparable: raise it with every change of what a case does or demands. */
export const PLAN = 3;

const STAGES = [
  'install',
  'fetch',
  'provisioning',
  'warm-up',
  'measuring',
  'outage',
  'drain',
  'report',
] as const;
export type Stage = (typeof STAGES)[number];

/** `npx` and `ctrl-c` are asked to end (SIGTERM; SIGINT to the whole group), the others get SIGKILL. */
export type Victim =
  | 'launcher'
  | 'cli'
  | 'reaper'
  | 'cli+reaper'
  | 'generator'
  | 'service'
  | 'broker'
  | 'npx'
  | 'npx -9'
  | 'ctrl-c';

export interface Case {
  readonly id: number;
  readonly seed: number;
  readonly stage: Stage;
  /** Which beginning of the stage, from 1: most stages come once a trial. */
  readonly occurrence: number;
  readonly victim: Victim;
  /** What the scenario's outage does: a frozen callee must not stay behind stopped. */
  readonly fault: 'kill' | 'freeze';
}

interface StagePlan {
  /** The line of plain progress with which it begins. */
  readonly begins: RegExp;
  readonly occurrences: number;
  /** It lasts at least so long: the moment of the kill is drawn within. */
  readonly lastsMs: number;
  /** Who lives in it: only they can be killed. */
  readonly alive: readonly Victim[];
}

const OUTSIDE: readonly Victim[] = ['launcher', 'npx', 'npx -9', 'ctrl-c'];
const OWNERS: readonly Victim[] = [...OUTSIDE, 'cli', 'reaper', 'cli+reaper'];
const ALL: readonly Victim[] = [...OWNERS, 'broker', 'service', 'generator'];

export const STAGE_PLAN: Record<Stage, StagePlan> = {
  install: { begins: /commbench: installing/g, occurrences: 1, lastsMs: 10_000, alive: OUTSIDE },
  fetch: { begins: /RabbitMQ: fetching it/g, occurrences: 1, lastsMs: 6000, alive: OWNERS },
  provisioning: {
    begins: /RabbitMQ [\d.]+: starting/g,
    occurrences: 1,
    lastsMs: 4500,
    alive: [...OWNERS, 'broker'],
  },
  'warm-up': { begins: /^ {2}warm-up/gm, occurrences: 6, lastsMs: 2000, alive: ALL },
  measuring: { begins: /^ {2}baseline/gm, occurrences: 6, lastsMs: 600, alive: ALL },
  outage: {
    begins: /^ {2}outage, \d/gm,
    occurrences: 2,
    lastsMs: 950,
    alive: [...OWNERS, 'broker', 'generator'],
  },
  // The generator ends as soon as it has written its instants.
  drain: { begins: /^ {2}draining/gm, occurrences: 6, lastsMs: 330, alive: [...OWNERS, 'broker', 'service'] },
  report: { begins: /^6\/6 .*: (?!started)/gm, occurrences: 1, lastsMs: 1000, alive: [...OWNERS, 'broker'] },
};

/**
 * Stages in turn, so that each gets its share; the victim is whoever was killed least so far, first in
 * this stage, then in all. The rest is drawn.
 */
export function planCases(count: number, seed: number): Case[] {
  const cases: Case[] = [];
  for (let id = 0; id < count; id++) {
    const stage = STAGES[id % STAGES.length]!;
    const { alive, occurrences } = STAGE_PLAN[stage];
    cases.push({
      id,
      seed,
      stage,
      occurrence: 1 + Math.floor(draw(seed, 'occurrence', id) * occurrences),
      victim: leastKilled(alive, cases, stage, id, seed),
      fault: draw(seed, 'fault', id) < 0.5 ? 'kill' : 'freeze',
    });
  }
  return cases;
}

function leastKilled(
  alive: readonly Victim[],
  cases: readonly Case[],
  stage: Stage,
  id: number,
  seed: number,
): Victim {
  const rank = (victim: Victim, i: number): number => {
    const all = cases.filter((it) => it.victim === victim);
    const here = all.filter((it) => it.stage === stage);
    return here.length * 1000 + all.length + draw(seed, `victim ${id}`, i);
  };
  const ranked = alive.map((victim, i) => ({ victim, rank: rank(victim, i) }));
  return ranked.toSorted((a, b) => a.rank - b.rank)[0]!.victim;
}

/** The moment within the stage; drawn again, and earlier, where nobody was there to be killed. */
export function momentMs({ id, seed, stage }: Case, attempt: number): number {
  const rangeMs = STAGE_PLAN[stage].lastsMs / 2 ** (attempt - 1);
  return Math.floor(draw(seed, 'moment', id, attempt) * rangeMs);
}
