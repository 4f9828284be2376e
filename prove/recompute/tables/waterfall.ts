import { cell } from '../figures/cells.ts';
import { isOnlyFaults } from '../figures/faults.ts';
import { addUp, doneTrials, type PatternLine, variantLines, wholeOf } from '../figures/patterns.ts';
import { printable, rankFor } from '../figures/samples.ts';
import type { StoredWaterfall } from '../pages/stored.ts';
import * as write from '../pages/written.ts';
import { NOTHING, type OwnCell, type TableRule, tableRule } from '../rule.ts';

/** The stages in the order of a request, with the glyph of each. */
const STAGES = { lag: '!', pool: ':', there: '>', queue: '░', handler: '█', back: '<' };
type Stage = keyof typeof STAGES;
const BAR = 24;
const FEWEST = 20;

interface NearLine {
  readonly line: PatternLine;
  readonly of: StoredWaterfall['of'];
  readonly q: number;
  readonly requests: number;
  /** Means, in ns. */
  readonly stages: ReadonlyMap<Stage, number>;
}

export const rules: readonly TableRule[] = [
  tableRule<NearLine>({
    of: ['run'],
    heading: /^Waterfall: mean stages/,
    lines: (record) => (isOnlyFaults(record) ? [] : variantLines(record).flatMap(linesOf)),
    name: ({ line }) => line.name,
    columns: () => ({
      Near: ({ q }) => write.quantile(q),
      Needs: (one) => cell(write.us(wholeNs(one) / 1000), write.plural(one.requests, 'call')),
      Stages: barOf,
      'Dispatch lag': (one) => stageCell(one, 'lag'),
      'Pool wait': (one) => stageCell(one, 'pool'),
      'Request path': (one) => stageCell(one, 'there'),
      Queue: (one) => stageCell(one, 'queue'),
      Handler: (one) => stageCell(one, 'handler'),
      'Reply path': (one) => stageCell(one, 'back'),
    }),
  }),
];

function linesOf(line: PatternLine): NearLine[] {
  const all = doneTrials(line, 'latency').flatMap(({ waterfall }) => waterfall ?? []);
  const [first] = all;
  const isAlike = all.every(({ of, stages }) => of === first!.of && stages.join() === first!.stages.join());
  if (!first || !isAlike) return [];
  const buckets = mergedBuckets(all);
  const samples = wholeOf(line, first.of);
  return [0.5, 0.99, 0.999]
    .filter((q) => printable(samples, q) !== undefined)
    .map((q) => {
      const near = nearest(buckets, q);
      const requests = addUp(near, ([, n]) => n!);
      const means = first.stages.map((stage, i): [Stage, number] => {
        return [stage as Stage, addUp(near, (bucket) => bucket[i + 2]!) / requests];
      });
      return { line, of: first.of, q, requests, stages: new Map(means) };
    });
}

/** Ascending by number; requests and sums of the same number are added. */
function mergedBuckets(all: readonly StoredWaterfall[]): number[][] {
  const merged = new Map<number, number[]>();
  for (const [number, ...sums] of all.flatMap(({ buckets }) => buckets)) {
    const before = merged.get(number!) ?? sums.map(() => 0);
    merged.set(
      number!,
      sums.map((sum, i) => sum + before[i]!),
    );
  }
  return [...merged].map(([number, sums]) => [number, ...sums]).toSorted((a, b) => a[0]! - b[0]!);
}

/**
 * The bucket with the rank of the percentile and the next ones to it, the lower of two that are as near first, until
 * they hold as many requests as lie beyond it, at least 20 and at most a hundredth of all.
 */
function nearest(buckets: readonly number[][], q: number): number[][] {
  const total = addUp(buckets, ([, n]) => n!);
  const wanted = Math.max(FEWEST, Math.ceil(total * Math.min(0.01, 1 - q)));
  const rank = rankFor(q, total);
  let upTo = 0;
  const middle = buckets.find(([, n]) => (upTo += n!) >= rank)![0]!;
  const byDistance = buckets.toSorted((a, b) => {
    return Math.abs(a[0]! - middle) - Math.abs(b[0]! - middle) || a[0]! - b[0]!;
  });
  const near: number[][] = [];
  for (const bucket of byDistance) {
    if (addUp(near, ([, n]) => n!) >= wanted) break;
    near.push(bucket);
  }
  return near;
}

function wholeNs({ stages }: NearLine): number {
  return addUp([...stages.values()], (ns) => ns);
}

/** Each stage by its share of the bar; what rounding down leaves goes to the largest remainders. */
function barOf(one: NearLine): string {
  const parts = [...one.stages].map(([stage, ns]) => ({ stage, exact: (BAR * ns) / wholeNs(one) }));
  const left = BAR - addUp(parts, ({ exact }) => Math.trunc(exact));
  const remainder = ({ exact }: (typeof parts)[number]) => exact - Math.trunc(exact);
  const more = parts.toSorted((a, b) => remainder(b) - remainder(a)).slice(0, left);
  return parts
    .map((part) => STAGES[part.stage].repeat(Math.trunc(part.exact) + (more.includes(part) ? 1 : 0)))
    .join('');
}

function stageCell({ of, stages }: NearLine, stage: Stage): OwnCell {
  const ns = stages.get(stage);
  if (ns === undefined) return of === 'completion' && stage === 'back' ? NOTHING : cell('not observed');
  return cell(ns > 0 && ns < 5000 ? '<0.01 ms' : write.us(ns / 1000));
}
