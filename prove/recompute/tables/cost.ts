import { bytesCell, cpuCell, wireBytes } from '../figures/cost.ts';
import { cell, cellOf } from '../figures/cells.ts';
import { isOnlyFaults } from '../figures/faults.ts';
import {
  capacityOf,
  doneTrials,
  hasBroker,
  type PatternLine,
  patternLines,
  peakOf,
  phasesOf,
  timedTrials,
  variantLines,
} from '../figures/patterns.ts';
import { printable, samplesOf } from '../figures/samples.ts';
import * as write from '../pages/written.ts';
import { NOTHING, type OwnCell, type TableRule, tableRule } from '../rule.ts';

export const rules: readonly TableRule[] = [
  tableRule<PatternLine>({
    of: ['run'],
    heading: /^CPU per request, closed loop and guarantees$/,
    lines: (record) => (isOnlyFaults(record) ? [] : variantLines(record)),
    name: ({ pattern }) => pattern.title,
    columns: (record) => ({
      Variant: ({ variant }) => variant ?? '',
      'CPU caller': (line) => cpuCell(line, 'callerUs'),
      'CPU service': (line) => cpuCell(line, 'serviceUs'),
      'CPU broker': (line) => (hasBroker(line) ? cpuCell(line, 'brokerUs') : NOTHING),
      'No-op p50': noopCell,
      [`Closed loop, ${record.scenario.warmUp.concurrency} open`]: (line) =>
        cellOf(capacityOf(doneTrials(line, 'latency')), write.rate),
      Utilisation: utilisationCell,
      Guarantee: { words: 'a promise of the transport in words, as the record has it' },
    }),
  }),
  tableRule<PatternLine>({
    of: ['run'],
    heading: /^(Bytes per request on the wire, and peak|Peak) memory$/,
    lines: (record) => (isOnlyFaults(record) ? [] : patternLines(record)),
    name: ({ pattern }) => pattern.title,
    columns: () => ({
      'Bytes of the caller': (line) => sentCell(line, 'caller'),
      'Bytes services, broker': (line) => (hasBroker(line) ? sentCell(line, 'service') : NOTHING),
      'Memory caller': (line) => memoryCell(line, 'callerPeakBytes'),
      'Memory service': (line) => memoryCell(line, 'servicePeakBytes'),
      'Memory broker': (line) => (hasBroker(line) ? memoryCell(line, 'brokerPeakBytes') : NOTHING),
    }),
  }),
];

/** Of the first phase against a service that does nothing. */
function noopCell(line: PatternLine): OwnCell {
  const [first] = phasesOf(doneTrials(line, 'no-op'));
  return cellOf(first && printable(samplesOf(first.response), 0.5), write.us);
}

/** The load's greatest rate as a share of the highest sustained one that a calibration found. */
function utilisationCell(line: PatternLine): OwnCell {
  const known = line.record.design.calibration?.[line.pattern.id];
  if (!known?.sustainedPerS || known.isSustainedAtLeast) return NOTHING;
  return cell(write.share(peakOf(line.load) / known.sustainedPerS), write.rate(known.sustainedPerS));
}

function sentCell(line: PatternLine, side: 'caller' | 'service'): OwnCell {
  const found = wireBytes(line, side);
  return bytesCell(
    line,
    found && found.sent + found.received,
    found ? `${write.bytes(found.sent)} out` : null,
  );
}

type Peak = `${'caller' | 'service' | 'broker'}PeakBytes`;

/** The greatest of all trials. */
function memoryCell(line: PatternLine, peak: Peak): OwnCell {
  const trials = timedTrials(line);
  const known = trials.flatMap(({ cost }) => cost[peak] ?? []);
  if (trials.length === 0) return NOTHING;
  return known.length === 0 ? cell('unknown') : cell(write.bytes(Math.max(...known)));
}
