import { medianCapacityPerS } from '../../measure/figures/capacity.ts';
import type { Series } from '../../measure/figures/figures.ts';
import { mergeSeries } from '../../measure/figures/histogram.ts';
import { quantileCell } from '../../measure/figures/percentile.ts';
import type { Cost, Trial } from '../../record/record.ts';
import { bytesPerCall } from '../patterns/bytes.ts';
import { countOf } from '../patterns/outcomes.ts';
import { plannedOf, type SeriesKind } from '../patterns/pattern-result.ts';
import type { Described } from './comparison.ts';
import type { PatternSide, MatchedPattern } from './matched-patterns.ts';

interface Figure {
  readonly figure: Described['figure'];
  readonly unit: Described['unit'];
  /** Null where these results do not have it. */
  readonly of: (lines: readonly PatternSide[]) => number | null;
}

const FIGURES: readonly Figure[] = [
  quantileFigure('response-p50', 'response', 0.5),
  quantileFigure('response-p90', 'response', 0.9),
  quantileFigure('response-p99', 'response', 0.99),
  quantileFigure('completion-p50', 'completion', 0.5),
  quantileFigure('completion-p99', 'completion', 0.99),
  quantileFigure('first-item-p50', 'firstItem', 0.5),
  { figure: 'answered-ok', unit: 'share', of: okShare },
  { figure: 'closed-loop', unit: 'perS', of: closedLoop },
  cpu('cpu-caller', 'callerUs'),
  cpu('cpu-service', 'serviceUs'),
  cpu('cpu-broker', 'brokerUs'),
  peak('memory-service', 'servicePeakBytes'),
  peak('memory-caller', 'callerPeakBytes'),
  { figure: 'bytes-per-call', unit: 'bytes', of: wireBytesPerCall },
];

/** All figures of a pattern that are shown and never assessed, where at least one side has them. */
export function describeDifferences({ baseline, candidate }: MatchedPattern): Described[] {
  return FIGURES.map(({ figure, unit, of }) => ({
    figure,
    baseline: of(baseline),
    candidate: of(candidate),
    unit,
  })).filter((one) => one.baseline !== null || one.candidate !== null);
}

function quantileFigure(figure: Described['figure'], kind: SeriesKind, q: number): Figure {
  return { figure, unit: 'ms', of: (lines) => percentile(lines, kind, q) };
}

/** Over all rounds, and only where rule 3.11 allows the quantile. */
function percentile(lines: readonly PatternSide[], kind: SeriesKind, q: number): number | null {
  const trials = validTrials(lines).filter(({ evidence }) => kind !== 'completion' || evidence !== 'none');
  const series = trials.flatMap(({ phases }) =>
    phases.flatMap((phase): Series[] => (phase[kind] ? [phase[kind]] : [])),
  );
  if (series.length === 0) return null;
  const cell = quantileCell(mergeSeries(series), q);
  return cell.state === 'known' ? cell.valueUs / 1000 : null;
}

function okShare(lines: readonly PatternSide[]): number | null {
  const phases = validTrials(lines).flatMap((trial) => trial.phases);
  const planned = plannedOf(phases);
  return planned === 0 ? null : countOf(phases, 'ok') / planned;
}

/** The median of the rounds' closed loops, each the lower of acknowledged and done: as in every report. */
function closedLoop(lines: readonly PatternSide[]): number | null {
  return medianCapacityPerS(validTrials(lines).map((trial) => trial.capacity));
}

function cpu(figure: Described['figure'], part: keyof Omit<Cost, 'spans'>): Figure {
  return { figure, unit: 'us', of: (lines) => perCall(lines, part) };
}

/** CPU time adds up: the mean over the rounds, weighted by their calls. */
function perCall(lines: readonly PatternSide[], part: keyof Omit<Cost, 'spans'>): number | null {
  const known = validTrials(lines).flatMap(({ cost, planned }) => {
    const us = cost[part];
    return us === null ? [] : [{ us, planned }];
  });
  const calls = known.reduce((sum, { planned }) => sum + planned, 0);
  return calls === 0 ? null : known.reduce((sum, { us, planned }) => sum + us * planned, 0) / calls;
}

function peak(figure: Described['figure'], part: keyof Omit<Cost, 'spans'>): Figure {
  const of = (lines: readonly PatternSide[]) => {
    const known = validTrials(lines).flatMap(({ cost }) => cost[part] ?? []);
    return known.length === 0 ? null : Math.max(...known);
  };
  return { figure, unit: 'bytes', of };
}

/** Bytes of a caller on the wire, both directions, where they were counted. */
function wireBytesPerCall(lines: readonly PatternSide[]): number | null {
  const [bytes] = lines.flatMap(({ pattern }) => bytesPerCall(pattern, 'caller') ?? []);
  return bytes ? bytes.sent + bytes.received : null;
}

function validTrials(lines: readonly PatternSide[]): Trial[] {
  return lines
    .flatMap(({ pattern }) => pattern.trials.latency)
    .filter(({ validity }) => validity.verdict === 'valid');
}
