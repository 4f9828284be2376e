import { goodputCell } from '../figures/goodput.ts';
import { isOnlyFaults } from '../figures/faults.ts';
import { loadCell, percentileCell, validityCell } from '../figures/cells.ts';
import { doneTrials, isWorkKnown, type PatternLine, phasesOf, variantLines } from '../figures/patterns.ts';
import { type TableRule, tableRule } from '../rule.ts';

const latencyOf = (line: PatternLine) => doneTrials(line, 'latency');

export const rules: readonly TableRule[] = [
  tableRule<PatternLine>({
    of: ['run'],
    heading: /^Without a fault: /,
    lines: (record) => (isOnlyFaults(record) ? [] : variantLines(record)),
    name: ({ pattern }) => pattern.title,
    columns: () => ({
      Variant: ({ variant }) => variant ?? '',
      'Response p50': (line) => percentileCell(line, 'response', 0.5),
      'Response p99': (line) => percentileCell(line, 'response', 0.99),
      'First done p50': (line) => percentileCell(line, 'firstCompletion', 0.5),
      'First done p99': (line) => percentileCell(line, 'firstCompletion', 0.99),
      'Completion p50': (line) => percentileCell(line, 'completion', 0.5),
      'Completion p99': (line) => percentileCell(line, 'completion', 0.99),
      Goodput: (line) => goodputCell(latencyOf(line), 'correct'),
      'Done within deadline': (line) => goodputCell(latencyOf(line).filter(isWorkKnown), 'doneInTime'),
      Validity: (line) => validityCell(latencyOf(line), 'rounds'),
      Load: (line) => loadCell(latencyOf(line)),
    }),
  }),
  tableRule<PatternLine>({
    of: ['run'],
    heading: /^Streams: /,
    lines: (record) =>
      variantLines(record).filter((line) =>
        phasesOf(latencyOf(line)).some(({ firstItem }) => firstItem != null),
      ),
    name: ({ name }) => name,
    columns: () => ({
      'First item p50': (line) => percentileCell(line, 'firstItem', 0.5),
      'First item p90': (line) => percentileCell(line, 'firstItem', 0.9),
      'Jitter p50': (line) => percentileCell(line, 'itemJitter', 0.5),
      'Jitter p90': (line) => percentileCell(line, 'itemJitter', 0.9),
      'Jitter p99': (line) => percentileCell(line, 'itemJitter', 0.99),
    }),
  }),
];
