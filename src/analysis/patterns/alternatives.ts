import type { RatioInterval } from '../../measure/stats/ratio.ts';
import type { Pattern } from '../../scenario/schema/schema.ts';
import type { Result } from '../../record/record.ts';
import { latencyLevel, LEVELS, levelsWithin, type LevelWord } from '../claims/words/latency.ts';
import type { WordReason } from '../claims/words/word.ts';
import type { PatternResult } from './pattern-result.ts';

export type DifferenceKind = NonNullable<Pattern['alternative']>['by'];

/** One form of a pattern, and the level of its completion time beside the reference. */
export interface FormResult {
  readonly pattern: PatternResult;
  /** Null: the pattern that the others are alternatives to. */
  readonly by: DifferenceKind | null;
  /** Levels that its interval touches: one where it is decided, all where nothing is known. */
  readonly levels: readonly LevelWord[];
  /** The ratio to the reference's median; undefined for the reference itself, and where it is unknown. */
  readonly interval: RatioInterval | undefined;
  /** Reason why it is undecided. */
  readonly reason: WordReason | null;
}

/** holds: one and the same level for all. depends: the levels of two exclude each other. */
export type Dependence = 'holds' | 'depends' | 'inconclusive';

/** A pattern with its alternatives. */
export interface PatternFamily {
  readonly forms: readonly FormResult[];
  /** The level that the guides claim; null: none, or that it is variable, which no level contradicts. */
  readonly claimed: LevelWord | null;
  /** By what its alternatives differ; null: no alternative differs in this. */
  readonly dependence: Readonly<Record<DifferenceKind, Dependence | null>>;
  /** The first form beside each other form of the reference: the level may depend on that one, too. */
  readonly beside: readonly FormBeside[];
}

export interface FormBeside {
  readonly reference: PatternResult;
  readonly levels: readonly LevelWord[];
  readonly interval: RatioInterval | undefined;
}

/** One for each pattern of the scenario that has alternatives in this run. */
export function familiesOf({ scenario }: Result, patterns: readonly PatternResult[]): PatternFamily[] {
  const ownOf = ({ record }: PatternResult) => scenario.patterns.find(({ id }) => id === record.id);
  const reference = patterns.find(({ record }) => record.id === scenario.reference);
  const alternativesTo = (main: PatternResult | undefined) =>
    patterns.filter((pattern) => main && ownOf(pattern)?.alternative?.to === main.record.id);
  const otherReferences = alternativesTo(reference);
  return patterns.flatMap((main) => {
    const others = alternativesTo(main);
    if (others.length === 0) return [];
    const forms = [
      formOf(main, null, reference),
      ...others.map((pattern) => formOf(pattern, ownOf(pattern)!.alternative!.by, reference)),
    ];
    return [
      {
        forms,
        claimed: claimedLevel(ownOf(main)),
        dependence: { library: dependenceOn(forms, 'library'), settings: dependenceOn(forms, 'settings') },
        beside: main === reference ? [] : otherReferences.map((other) => besideOf(main, other)),
      },
    ];
  });
}

function claimedLevel(own: Pattern | undefined): LevelWord | null {
  return LEVELS.find((level) => level === own?.claimed?.latency) ?? null;
}

function formOf(
  pattern: PatternResult,
  by: FormResult['by'],
  reference: PatternResult | undefined,
): FormResult {
  // By definition.
  if (pattern === reference) return { pattern, by, levels: ['medium'], interval: undefined, reason: null };
  const { interval, reason } = latencyLevel(pattern, reference);
  return { pattern, by, levels: interval ? levelsWithin(interval) : LEVELS, interval, reason };
}

function besideOf(main: PatternResult, reference: PatternResult): FormBeside {
  const { interval } = latencyLevel(main, reference);
  return { reference, levels: interval ? levelsWithin(interval) : LEVELS, interval };
}

function dependenceOn(forms: readonly FormResult[], kind: DifferenceKind): Dependence | null {
  const compared = forms.filter(({ by }) => by === null || by === kind);
  return compared.length < 2 ? null : dependenceOf(compared.map(({ levels }) => levels));
}

/** @param all the possible levels of each form */
export function dependenceOf(all: readonly (readonly LevelWord[])[]): Dependence {
  const excludes = (a: readonly LevelWord[], b: readonly LevelWord[]) => !a.some((word) => b.includes(word));
  if (all.some((a, i) => all.slice(i + 1).some((b) => excludes(a, b)))) return 'depends';
  return all.every(({ length }) => length === 1) ? 'holds' : 'inconclusive';
}
