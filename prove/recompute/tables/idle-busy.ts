import { cell, cellOf, validityCell } from '../figures/cells.ts';
import { blocksOf, busyOverIdle, busyRate, shareReached, variability } from '../figures/idle-busy.ts';
import { baseLines, doneTrials, type PatternLine } from '../figures/patterns.ts';
import { printable, together } from '../figures/samples.ts';
import * as write from '../pages/written.ts';
import { NOTHING, type OwnCell, type TableRule, tableRule } from '../rule.ts';

const trialsOf = (line: PatternLine) => doneTrials(line, 'idle-busy');

export const rules: readonly TableRule[] = [
  tableRule<PatternLine>({
    of: ['run'],
    heading: /^Idle \(.*\) and busy \(.*\) in turn: completion time/,
    lines: (record) => {
      const all = baseLines(record);
      return record.scenario.idleBusy && all.some((line) => trialsOf(line).length > 0) ? all : [];
    },
    name: ({ pattern }) => pattern.title,
    missing: (line) => (trialsOf(line).length === 0 ? '–' : null),
    columns: () => ({
      'Idle p50': (line) => medianCell(line, 'idle'),
      'Busy p50': (line) => medianCell(line, 'busy'),
      'Busy rate, of closed loop': (line) => {
        const share = shareReached(line);
        return cellOf(busyRate(line), write.rate, share === undefined ? null : write.ratio(share));
      },
      'Busy/idle [95 %]': (line) => cellOf(busyOverIdle(line), write.ratioInterval),
      Verdict: variability,
      Validity: (line) => validityCell(trialsOf(line), 'rounds'),
    }),
  }),
];

/** Of all blocks of a kind together. */
function medianCell(line: PatternLine, kind: 'idle' | 'busy'): OwnCell {
  const us = printable(together(blocksOf(line, kind).map(({ completion }) => completion)), 0.5);
  return us === undefined ? NOTHING : cell(write.us(us));
}
