import { latenciesIn, type MeasuredPart, partsIn } from '../../analysis/distributions/parts.ts';
import { NS_PER_S } from '../../kernel/clock.ts';
import { maximumUs } from '../../measure/figures/histogram.ts';
import { recordIn } from '../report.ts';
import type { Reporter } from '../reporter.ts';

/**
 * A histogram log of HdrHistogram, version 1.3: an interval per trial, phase and figure, its histogram as the record has
 * it. Trials are placed by when they were started, as the record holds no instant of the wall clock for their loads.
 */
export const hlog: Reporter = (report) => {
  const parts = partsIn(recordIn(report, 'hlog').trials);
  const startMs = Math.min(...parts.map(({ trial }) => Date.parse(trial.startedAt)));
  const intervals = parts.flatMap((part) => intervalsOf(part, startMs));
  return [
    '#[Histogram log format version 1.3]',
    '#[Values are microseconds; Interval_Max is in milliseconds]',
    ...(parts.length > 0 ? [startLine(startMs)] : []),
    '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
    ...intervals.toSorted((a, b) => a.fromS - b.fromS).map(({ line }) => line),
    '',
  ].join('\n');
};

function startLine(startMs: number): string {
  return `#[StartTime: ${(startMs / 1000).toFixed(3)} (seconds since epoch), ${new Date(startMs).toISOString()}]`;
}

function intervalsOf({ trial, phase, labels }: MeasuredPart, startMs: number) {
  const fromS = (Date.parse(trial.startedAt) - startMs) / 1000 + phase.fromNs / NS_PER_S;
  const lengthS = (phase.toNs - phase.fromNs) / NS_PER_S;
  return latenciesIn(phase).map(([figure, series]) => {
    const maxMs = maximumUs(series)! / 1000;
    const numbers = [fromS, lengthS, maxMs].map((value) => value.toFixed(3));
    const tag = [...Object.values(labels), figure].join(':').replaceAll(/[\s,]/g, '_');
    return { fromS, line: [`Tag=${tag}`, ...numbers, series.histogram].join(',') };
  });
}
