import { cell, cellOf, loadCell, percentileCell, validityCell } from '../figures/cells.ts';
import { wholeBytesCell, wholeCpuCell } from '../figures/cost.ts';
import { knownCoupling, sharesText } from '../figures/coupling.ts';
import { isOnlyFaults } from '../figures/faults.ts';
import {
  baseLines,
  doneTrials,
  hasBroker,
  isAnswered,
  type PatternLine,
  timedTrials,
} from '../figures/patterns.ts';
import {
  claimedOf,
  complexityRating,
  couplingRating,
  elsewhereColumns,
  latencyRating,
  type Rating,
} from '../figures/ratings.ts';
import { NOTHING, type OwnCell, type TableRule, tableRule } from '../rule.ts';
import { missingText } from './outage.ts';

const rated = (of: (line: PatternLine) => Rating) => (line: PatternLine) => {
  const { words, verdict, figure } = of(line);
  return cell(`${words}: ${verdict}`, figure);
};

export const rules: readonly TableRule[] = [
  tableRule<PatternLine>({
    of: ['run'],
    heading: /^Claimed by the guides → measured$/,
    lines: (record) =>
      isOnlyFaults(record) ? [] : baseLines(record).filter((line) => claimedOf(line) != null),
    name: ({ pattern }) => pattern.title,
    columns: (record) => ({
      'Use case': { words: 'what the guides claim, as the scenario has it' },
      Latency: rated(latencyRating),
      ...elsewhereColumns(record, rated),
      Complexity: rated(complexityRating),
      Coupling: rated(couplingRating),
      [`Broker ${record.scenario.brokerOutage?.do === 'freeze' ? 'frozen' : 'killed'}`]: brokerCell,
      'Response p50': responseCell,
      'Completion p50': (line) => percentileCell(line, 'completion', 0.5),
      'CPU per request': wholeCpuCell,
      'Bytes per request': wholeBytesCell,
      Guarantee: { words: 'a promise of the transport in words, as the record has it' },
      'Validity, load': verdictsCell,
    }),
  }),
];

function brokerCell(line: PatternLine): OwnCell {
  if (doneTrials(line, 'broker-outage').length === 0) {
    if (!line.record.scenario.brokerOutage) return NOTHING;
    return cell((hasBroker(line) ? missingText(line, 'broker-outage') : null) ?? 'no broker');
  }
  return cell(knownCoupling(line, 'broker-outage') ?? 'inconclusive', sharesText(line, 'broker-outage'));
}

function responseCell(line: PatternLine): OwnCell {
  const { text } = percentileCell(line, 'response', 0.5);
  const until = isAnswered(line.pattern.interaction) ? 'until reply' : 'until confirm';
  return cell(text, doneTrials(line, 'latency').length > 0 ? until : null);
}

/** Validity of all timed trials; below it of how many, and the load's verdict. */
function verdictsCell(line: PatternLine): OwnCell {
  const measured = validityCell(timedTrials(line), 'trials');
  const load = loadCell(doneTrials(line, 'latency'));
  if (measured === NOTHING) return load;
  const below = [measured.below, load === NOTHING ? null : load.text].filter((text) => text != null);
  return cellOf(measured.text, (text) => text, below.join('; ') || null);
}
