import { NS_PER_MS } from '../../kernel/clock.ts';
import { INTERVAL_NS } from '../../measure/figures/histogram.ts';
import type { HealthWindow } from '../../measure/hops/hop-figures.ts';
import type { Trial } from '../../record/record.ts';
import { type Labels, latenciesIn, type MeasuredPart, partsIn, trialLabels } from './parts.ts';

/** A figure of a part of a trial's time, as the record has it. Times in ms of intended time, from the load's start. */
export interface FigureWindow {
  readonly trial: Trial;
  readonly labels: Labels;
  /** The operation or edge that it is of; null: of the whole. */
  readonly subject: string | null;
  readonly figure: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly value: number;
  readonly unit: 'us' | 'count';
}

/** Greatest latencies of each 100 ms, medians of each tenth of a trial, and health of each 50 arrivals. */
export function windowsIn(trials: readonly Trial[]): FigureWindow[] {
  return [...partsIn(trials).flatMap(maximaIn), ...trials.flatMap(mediansIn), ...trials.flatMap(healthIn)];
}

function maximaIn({ trial, phase, labels }: MeasuredPart): FigureWindow[] {
  const { operation = null, ...rest } = labels;
  return latenciesIn(phase).flatMap(([figure, series]) =>
    series.intervalMaximaUs.flatMap((value, i) => {
      if (value === null) return [];
      const fromNs = phase.fromNs + i * INTERVAL_NS;
      const times = {
        fromMs: fromNs / NS_PER_MS,
        toMs: Math.min(fromNs + INTERVAL_NS, phase.toNs) / NS_PER_MS,
      };
      return {
        trial,
        labels: rest,
        subject: operation,
        figure: `${figure}-max`,
        ...times,
        value,
        unit: 'us',
      };
    }),
  );
}

/** Of trials at a constant rate: equally many arrivals take equally long. */
function mediansIn(trial: Trial): FigureWindow[] {
  const windows = trial.completionWindowsUs ?? [];
  const lengthMs = Math.max(0, ...trial.phases.map(({ toNs }) => toNs)) / NS_PER_MS / windows.length;
  return windows.flatMap((value, i) => {
    if (value === null) return [];
    const times = { fromMs: i * lengthMs, toMs: (i + 1) * lengthMs };
    const labels = trialLabels(trial);
    return { trial, labels, subject: null, figure: 'completion-p50', ...times, value, unit: 'us' as const };
  });
}

function healthIn(trial: Trial): FigureWindow[] {
  const { endpoints = [], edges = [] } = trial.hops ?? {};
  return [
    ...endpoints.flatMap(({ operation, windows }) => windows.flatMap(healthOf(trial, operation))),
    ...edges.flatMap(({ id, windows }) => windows.flatMap(healthOf(trial, id))),
  ];
}

function healthOf(trial: Trial, subject: string) {
  return ({ fromNs, toNs, planned, healthy }: HealthWindow): FigureWindow[] => {
    const times = { fromMs: fromNs / NS_PER_MS, toMs: toNs / NS_PER_MS };
    return (['planned', 'healthy'] as const).map((figure) => {
      const value = { planned, healthy }[figure];
      return { trial, labels: trialLabels(trial), subject, figure, ...times, value, unit: 'count' };
    });
  };
}
