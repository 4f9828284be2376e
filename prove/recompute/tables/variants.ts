import { cell, percentileCell } from '../figures/cells.ts';
import { isDrifting, ratiosBeside } from '../figures/drift.ts';
import { isOnlyFaults } from '../figures/faults.ts';
import { comparableMedian } from '../figures/medians.ts';
import { doneTrials, lineUnder, type PatternLine, ranVariants } from '../figures/patterns.ts';
import { ratioWithInterval, sumOf } from '../figures/student.ts';
import type { StoredPattern, StoredRecord, StoredVariant } from '../pages/stored.ts';
import { NOTHING, type OwnCell, type TableRule, tableRule } from '../rule.ts';

/** The patterns under one variant, soonest first by completion p50. */
interface OrderLine {
  readonly variant: StoredVariant;
  /** In the scenario's order. */
  readonly lines: readonly PatternLine[];
  /** Those with a median that may be ranked, by its geometric mean over the rounds. */
  readonly ranked: readonly PatternLine[];
  readonly earlier: readonly OrderLine[];
}

export const rules: readonly TableRule[] = [
  tableRule<{ readonly record: StoredRecord; readonly pattern: StoredPattern }>({
    of: ['run'],
    heading: /^Completion p50, by variant$/,
    lines: (record) =>
      isOnlyFaults(record) || ranVariants(record).length === 0
        ? []
        : record.patterns.map((pattern) => ({ record, pattern })),
    name: ({ pattern }) => pattern.title,
    columns: (of) =>
      Object.fromEntries(
        ranVariants(of).map((variant) => [
          variant.title,
          ({ record, pattern }) => percentileCell(lineUnder(record, pattern, variant), 'completion', 0.5),
        ]),
      ),
  }),
  tableRule<OrderLine>({
    of: ['run'],
    heading: /^Order of the patterns by variant, fastest first: completion p50/,
    lines: (record) => (isOnlyFaults(record) || record.patterns.length < 2 ? [] : orderLines(record)),
    name: ({ variant }) => variant.title,
    columns: () => ({
      Order: orderCell,
      Changes: (line) => (line.earlier.length === 0 ? NOTHING : changesText(line)),
    }),
  }),
];

function orderLines(record: StoredRecord): OrderLine[] {
  const all: OrderLine[] = [];
  for (const variant of ranVariants(record)) {
    const lines = record.patterns.map((pattern) => lineUnder(record, pattern, variant));
    all.push({ variant, lines, ranked: rankedOf(lines), earlier: [...all] });
  }
  return all;
}

function rankedOf(lines: readonly PatternLine[]): PatternLine[] {
  return lines
    .filter((line) => !isDrifting(line))
    .flatMap((line) => {
      const medians = doneTrials(line, 'latency').flatMap(
        (trial) => comparableMedian(trial, 'completion') ?? [],
      );
      const logs = medians.map((us) => Math.log(us));
      return logs.length === 0 ? [] : [{ line, mean: sumOf(logs) / logs.length }];
    })
    .toSorted((a, b) => a.mean - b.mean)
    .map(({ line }) => line);
}

const LEAST_ROUNDS = 3;
const ERROR = 0.05;
const OF_TWO = 0.99;

/** The interval of their ratio lies wholly on one side of 1; the error is divided among all pairs of patterns. */
function relationOf(a: PatternLine, b: PatternLine, patterns: number): 'before' | 'after' | undefined {
  const ratios = ratiosBeside(a, b, 'completion');
  const level = Math.max(OF_TWO, 1 - (2 * ERROR) / (patterns * (patterns - 1)));
  const found = ratios.length < LEAST_ROUNDS ? undefined : ratioWithInterval(ratios, level);
  if (!found || (found.low <= 1 && found.high >= 1)) return undefined;
  return found.high < 1 ? 'before' : 'after';
}

/** A new group begins where all before it are known to come before all from it on. */
function groupsOf({ ranked, lines }: OrderLine): PatternLine[][] {
  const isCut = (at: number) =>
    ranked
      .slice(0, at)
      .every((a) => ranked.slice(at).every((b) => relationOf(a, b, lines.length) === 'before'));
  const cuts = ranked.map((_, at) => at).filter((at) => at === 0 || isCut(at));
  return cuts.map((from, i) => ranked.slice(from, cuts[i + 1]));
}

function orderCell(line: OrderLine): OwnCell {
  const groups = groupsOf(line).map((group) => listed(group.map(({ pattern }) => pattern.title)));
  if (groups.length === 0) return cell('inconclusive', 'no valid median');
  const rounds = line.ranked
    .slice(1)
    .map((next, i) => ratiosBeside(line.ranked[i]!, next, 'completion').length);
  const isShort = Math.min(...rounds, rounds.length === 0 ? 0 : Infinity) < LEAST_ROUNDS;
  return cell(groups.join(', then '), isShort ? `an order takes ${LEAST_ROUNDS} comparable rounds` : null);
}

function listed(titles: readonly string[]): string {
  const [last, ...others] = titles.toReversed();
  return others.length === 0 ? last! : `${others.toReversed().join(', ')} or ${last}`;
}

/** Pairs that are known here, and were last known the other way round. */
function changesText({ lines, earlier }: OrderLine): string {
  const relationIn = (of: readonly PatternLine[], [a, b]: readonly [string, string]) => {
    const [x, y] = [a, b].map((id) => of.find(({ pattern }) => pattern.id === id));
    return x && y && relationOf(x, y, of.length);
  };
  const changes = lines.flatMap((a, i) =>
    lines.slice(i + 1).flatMap((b) => {
      const pair = [a.pattern.id, b.pattern.id] as const;
      const now = relationIn(lines, pair);
      const before = earlier.map((one) => relationIn(one.lines, pair)).findLast((one) => one !== undefined);
      if (now === undefined || before === undefined || now === before) return [];
      const [first, second] = now === 'before' ? [a, b] : [b, a];
      return [`${first.pattern.title} now before ${second.pattern.title}`];
    }),
  );
  return changes.join('; ') || 'none shown';
}
