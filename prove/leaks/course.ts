import type { End } from './ends.ts';

/** `npx` and `ctrl-c` are asked to end (SIGTERM; SIGINT to the whole group), the others get SIGKILL. */
export type Victim =
  | 'launcher'
  | 'cli'
  | 'reaper'
  | 'cli+reaper'
  | 'generator'
  | 'service'
  | 'proxy'
  | 'broker'
  | 'npx'
  | 'npx -9'
  | 'ctrl-c';

/** What a fault of the scenario does: who is frozen must not stay behind stopped. */
export type Fault = 'kill' | 'freeze';

interface StagePlan {
  /** The line of plain progress with which it begins. */
  readonly begins: RegExp;
  readonly occurrences: number;
  /** It lasts at least so long: the moment of the kill is drawn within. */
  readonly lastsMs: number;
  /** Who lives in it: only they can be killed. */
  readonly alive: readonly Victim[];
  /** How npx may end where the work of the victim may have been over already. */
  readonly late?: Partial<Record<Victim, readonly End[]>>;
}

/** A run that is killed many times over, and all that is particular to it. */
export interface Course {
  readonly name: string;
  /** Verdicts of another plan are not comparable: raise it with every change of what a case does or demands. */
  readonly plan: number;
  /** Under docs/evidence. */
  readonly evidence: string;
  readonly scenario: (fault: Fault) => string;
  /** Of a whole run. */
  readonly trials: number;
  readonly stages: Readonly<Record<string, StagePlan>>;
  /** Arguments with which no pattern can be run: the quickest command that does all the rest. */
  readonly nothing: readonly string[];
  /** How it may end without its broker, by what it had said until then. */
  readonly endsWithoutBroker: (textBefore: string) => readonly End[];
}

export const OUTSIDE: readonly Victim[] = ['launcher', 'npx', 'npx -9', 'ctrl-c'];
export const OWNERS: readonly Victim[] = [...OUTSIDE, 'cli', 'reaper', 'cli+reaper'];
export const ALL: readonly Victim[] = [...OWNERS, 'broker', 'service', 'generator'];
