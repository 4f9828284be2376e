import { draw } from '../../src/kernel/random.ts';
import type { Course, Fault, Victim } from './course.ts';

export interface Case {
  readonly id: number;
  readonly seed: number;
  /** Of its course. */
  readonly stage: string;
  /** Which beginning of the stage, from 1: most stages come once a trial. */
  readonly occurrence: number;
  readonly victim: Victim;
  readonly fault: Fault;
}

/**
 * Stages in turn, so that each gets its share; the victim is whoever was killed least so far, first in
 * this stage, then in all. The rest is drawn.
 */
export function planCases({ stages }: Course, count: number, seed: number): Case[] {
  const cases: Case[] = [];
  const names = Object.keys(stages);
  for (let id = 0; id < count; id++) {
    const stage = names[id % names.length]!;
    const { alive, occurrences } = stages[stage]!;
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
  stage: string,
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
export function momentMs({ stages }: Course, { id, seed, stage }: Case, attempt: number): number {
  const rangeMs = stages[stage]!.lastsMs / 2 ** (attempt - 1);
  return Math.floor(draw(seed, 'moment', id, attempt) * rangeMs);
}
