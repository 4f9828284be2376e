import { cellOf, ifAny } from '../figures/cells.ts';
import { doneTrials, type PatternLine, patternLines } from '../figures/patterns.ts';
import type { StoredRecord } from '../pages/stored.ts';
import * as write from '../pages/written.ts';
import { type OwnCell, type TableRule, tableRule } from '../rule.ts';

type Loop = NonNullable<PatternLine['trials'][number]['closedLoops']>[number];

/** The turns of one pattern with one number of calls open. */
interface LoopLine {
  readonly title: string;
  readonly open: number;
  readonly turns: readonly Loop[];
}

/** Halfway between the two in the middle, and the range where it is one. */
function middle(values: readonly (number | null)[], text: (value: number) => string): OwnCell {
  const known = values.flatMap((value) => value ?? []).toSorted((a, b) => a - b);
  const [low, high] = [known[0], known.at(-1)];
  if (low === undefined || high === undefined) return cellOf(undefined, text);
  const half = known.length / 2;
  const at = Number.isInteger(half) ? (known[half - 1]! + known[half]!) / 2 : known[Math.floor(half)]!;
  return cellOf(at, text, low === high ? null : `${text(low)}–${text(high)}`);
}

export const rules: readonly TableRule[] = [
  tableRule<LoopLine>({
    of: ['run'],
    heading: /^Closed loop by the number of calls open/,
    lines: loopLines,
    name: ({ title }) => title,
    columns: () => ({
      Open: ({ open }) => `${write.count(open)} open`,
      Accepted: ({ turns }) =>
        middle(
          turns.map(({ acceptedPerS }) => acceptedPerS),
          write.rate,
        ),
      Done: ({ turns }) =>
        middle(
          turns.map(({ donePerS }) => donePerS),
          write.rate,
        ),
      'Response time p50': ({ turns }) =>
        middle(
          turns.map(({ responseP50Us }) => responseP50Us),
          write.us,
        ),
      Failed: ({ turns }) => ifAny(turns.reduce((sum, { failed }) => sum + failed, 0)),
    }),
  }),
];

function loopLines(record: StoredRecord): LoopLine[] {
  return patternLines(record).flatMap((line) => {
    const loops = doneTrials(line, 'closed-loop').flatMap(({ closedLoops = [] }) => closedLoops);
    const opens = [...new Set(loops.map(({ open }) => open))].toSorted((a, b) => a - b);
    return opens.map((open) => ({
      title: line.pattern.title,
      open,
      turns: loops.filter((loop) => loop.open === open),
    }));
  });
}
