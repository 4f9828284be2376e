import { cell, cellOf } from '../figures/cells.ts';
import {
  FIGURES,
  meanOver,
  medianRecoveryNs,
  singleLines,
  type Success,
  successFromFault,
} from '../figures/fault-figures.ts';
import type { FaultLine } from '../figures/faults.ts';
import { type MedianOf, usableMedian } from '../figures/medians.ts';
import { addUp, isDoneByReply, phasesOf, seriesOf } from '../figures/patterns.ts';
import { percentile, together } from '../figures/samples.ts';
import { sumOf } from '../figures/student.ts';
import type { StoredPattern, StoredRecord, StoredTrial } from '../pages/stored.ts';
import * as write from '../pages/written.ts';
import { NOTHING, type OwnCell, type TableRule, tableRule } from '../rule.ts';

/** A pattern under one value of the setting. */
interface ValueLine {
  readonly record: StoredRecord;
  readonly pattern: StoredPattern;
  readonly value: number;
  readonly deciding: Success | MedianOf;
  readonly done: readonly StoredTrial[];
  /** Of trials with faults, each by itself. */
  readonly lines: readonly FaultLine[];
}

const TITLES = {
  correct: 'correct from the fault on',
  doneInTime: 'done in time from the fault on',
  response: 'response p50',
  completion: 'completion p50',
};

export const rules: readonly TableRule[] = [
  tableRule<ValueLine>({
    of: ['vary'],
    heading: /^By /,
    lines: (record) =>
      record.trials.length === 0 ? [] : record.patterns.flatMap((one) => linesOf(record, one)),
    name: ({ pattern }) => pattern.title,
    columns: ({ design }, lines) => ({
      [design.path!]: ({ value }) => String(value),
      [decidingTitle(lines)]: decidingCell,
      'Correct in the fault': ({ lines: all }) => cellOf(meanOver(all, FIGURES.success), write.share),
      'Recovered after': ({ lines: all }) => cellOf(medianRecoveryNs(all), (ns) => write.us(ns / 1000)),
      'Tries per call': ({ lines: all }) => cellOf(meanOver(all, FIGURES.amplification), write.ratio),
      'Wasted work': ({ lines: all }) => cellOf(meanOver(all, FIGURES.wasted), write.share),
      Lost: ({ done }) => {
        const ledgers = done.flatMap((trial) => trial.ledgers);
        return write.count(addUp(ledgers, ({ accepted, late = 0 }) => accepted.done0 - late));
      },
      Trials: (line) => {
        const [used, planned] = [valuesOf(line).length, design.rounds!];
        return used === planned ? String(planned) : `${used} of ${planned}`;
      },
    }),
  }),
];

function linesOf(record: StoredRecord, pattern: StoredPattern): ValueLine[] {
  const { kind, values } = record.design;
  const all = record.trials.filter((trial) => trial.pattern === pattern.id);
  const isByReply = isDoneByReply(pattern) || all.some(({ evidence }) => evidence === 'none');
  const isFaulted = kind === 'fault';
  const deciding = isFaulted
    ? (['doneInTime', 'correct'] as const)[Number(isByReply)]!
    : (['completion', 'response'] as const)[Number(isByReply)]!;
  return values!.map((value) => {
    const own = record.trials.filter((trial) => trial.value === value);
    const done = own.filter(
      ({ pattern: id, state, validity }) =>
        id === pattern.id && state === 'done' && validity.verdict !== 'incomplete',
    );
    const lines = isFaulted ? singleLines(record, pattern.id, own) : [];
    return { record, pattern, value, deciding, done, lines };
  });
}

function decidingTitle(lines: readonly ValueLine[]): string {
  const names = [...new Set(lines.map(({ deciding }) => TITLES[deciding]))].join(', or ');
  return `${names[0]!.toUpperCase()}${names.slice(1)} (range of the rounds)`;
}

function isTime(deciding: ValueLine['deciding']): deciding is MedianOf {
  return deciding === 'response' || deciding === 'completion';
}

/** Rounds that have the deciding figure, with it. */
function usedOf({ done, deciding }: ValueLine): { readonly trial: StoredTrial; readonly found: number }[] {
  return done.flatMap((trial) => {
    const found = isTime(deciding) ? usableMedian(trial, deciding) : successFromFault(trial, deciding);
    return found === undefined ? [] : [{ trial, found }];
  });
}

function valuesOf(line: ValueLine): number[] {
  return usedOf(line).map(({ found }) => found);
}

/** Shares are averaged; a median is that of all rounds together. */
function decidingCell(line: ValueLine): OwnCell {
  const { deciding } = line;
  const values = valuesOf(line);
  if (values.length === 0) return cell('not measured');
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (!isTime(deciding))
    return cell(`${write.share(sumOf(values) / values.length)} (${write.share(low)}–${write.share(high)})`);
  const trials = usedOf(line).map(({ trial }) => trial);
  const us = percentile(together(seriesOf(phasesOf(trials), deciding))!, 0.5)?.us;
  return us === undefined ? NOTHING : cell(`${write.us(us)} (${write.usRange(low, high, us)})`);
}
