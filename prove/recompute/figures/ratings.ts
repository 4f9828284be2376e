import { ratiosBeside } from './drift.ts';
import { knownCoupling, sharesText } from './coupling.ts';
import { variability } from './idle-busy.ts';
import { addUp, besideIn, isUnchanged, lineUnder, type PatternLine, ranVariants } from './patterns.ts';
import { type Interval, ratioOverRuns } from './student.ts';
import type { StoredRecord } from '../pages/stored.ts';
import * as write from '../pages/written.ts';
import type { OwnCell } from '../rule.ts';

/** A claim of the guides, beside what was measured. */
export interface Rating {
  /** `medium → low`, or the claim alone where it is what was found. */
  readonly words: string;
  readonly verdict: string;
  /** The figure behind it; null: none. */
  readonly figure: string | null;
  /** Of the latency: completion p50 over that of the reference. */
  readonly times?: number | undefined;
}

export function claimedOf({ record, pattern }: PatternLine) {
  return record.scenario.patterns.find(({ id }) => id === pattern.id)?.claimed;
}

const LOW_BELOW = 0.8;
const HIGH_ABOVE = 1.5;

/** Levels of which the interval has a part; the level of the pattern where it is one. */
export function levelsIn({ low, high }: Interval): string[] {
  return [
    ...(low < LOW_BELOW ? ['low'] : []),
    ...(high >= LOW_BELOW && low <= HIGH_ABOVE ? ['medium'] : []),
    ...(high > HIGH_ABOVE ? ['high'] : []),
  ];
}

/** Completion p50 against that of the reference in the same rounds; variability beside the level. */
export function latencyRating(line: PatternLine): Rating {
  const claimed = claimedOf(line)!.latency;
  const found = variability(line);
  const isReference = line.pattern.id === line.record.scenario.reference;
  const interval = isReference ? undefined : overReference(line);
  const levels = isReference ? ['medium'] : interval ? levelsIn(interval) : ['low', 'medium', 'high'];
  const besides = found === 'variable' || (found === 'steady' && claimed === 'variable') ? [found] : [];
  // Several levels are named only where the claim is none of them.
  const isNamed = levels.length === 1 || (claimed !== 'variable' && !levels.includes(claimed));
  return {
    words: wordsOf(claimed, [...(isNamed ? [levels.join(' or ')] : []), ...besides]),
    verdict: latencyVerdict(claimed, levels, { found, isReference }),
    figure: interval ? write.ratioInterval(interval) : null,
    times: interval?.mean,
  };
}

interface Found {
  readonly found: string;
  readonly isReference: boolean;
}

function latencyVerdict(claimed: string, levels: readonly string[], { found, isReference }: Found): string {
  if (claimed === 'variable') return found === 'inconclusive' ? found : supported(found === 'variable');
  if (isReference) return 'reference';
  if (levels.length === 1) return supported(levels[0] === claimed);
  return levels.includes(claimed) ? 'inconclusive' : 'contradicted';
}

/** Of the same trials. */
export function overReference(line: PatternLine): Interval | undefined {
  const reference = besideIn(line, line.record.scenario.reference);
  return ratioOverRuns(ratiosBeside(line, reference, 'completion'), 0.95);
}

function supported(isSo: boolean): string {
  return isSo ? 'supported' : 'contradicted';
}

function wordsOf(claimed: string, measured: readonly string[]): string {
  return measured.every((word) => word === claimed) ? claimed : `${claimed} → ${measured.join(', ')}`;
}

/** Points of the published list: 2 for a process to operate, 1 for anything else; low to 3, medium to 10. */
export function complexityRating(line: PatternLine): Rating {
  const claimed = claimedOf(line)!.complexity;
  const items = line.pattern.complexity;
  if (items == null) return { words: claimed, verdict: 'inconclusive', figure: null };
  const points = addUp(items, ({ category }) => (category === 'process' ? 2 : 1));
  const level = points > 10 ? 'high' : points > 3 ? 'medium' : 'low';
  const figure = write.plural(points, 'point');
  return { words: wordsOf(claimed, [level]), verdict: 'our count', figure };
}

export function couplingRating(line: PatternLine): Rating {
  const claimed = claimedOf(line)!.coupling;
  const found = knownCoupling(line, 'service-outage');
  if (found === undefined) return { words: claimed, verdict: 'inconclusive', figure: null };
  const figure = sharesText(line, 'service-outage');
  return {
    words: wordsOf(claimed, [found]),
    verdict: found === claimed ? 'as built' : 'contradicted',
    figure,
  };
}

/** The latency once more under each variant that changes the scenario; idle and busy blocks are of the scenario alone. */
export function elsewhereColumns(
  record: StoredRecord,
  cellOfRating: (of: (line: PatternLine) => Rating) => (line: PatternLine) => OwnCell,
): Record<string, (line: PatternLine) => OwnCell> {
  const changed = ranVariants(record).filter((variant) => !isUnchanged(variant));
  return Object.fromEntries(
    changed.map((variant) => [
      `Latency, ${variant.title}`,
      cellOfRating(({ pattern }) => latencyRating(lineUnder(record, pattern, variant))),
    ]),
  );
}
