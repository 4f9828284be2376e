import type { Series } from '../../measure/figures/figures.ts';
import { quantileUs } from '../../measure/figures/histogram.ts';
import type { Trial } from '../../record/record.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { silentProgress } from '../../trial/progress.ts';
import type { Rig } from '../../trial/environment/rig.ts';
import type { Row } from '../../plan/spec.ts';
import { runTrial } from '../../trial/trial.ts';
import { specOf } from '../../plan/trial-plan.ts';

const CALLS = 500;
const DURATION_MS = 1000;
const HEAD =
  'Preview, while brokers are being fetched: one short trial each, disturbed by the fetching, kept out of the result';

/**
 * One short trial of each row that needs no broker, shown as text when it is over: something to look at during
 * a cold fetch. Nothing of it is kept. Disposing ends it within the bounds of a process's end.
 */
export function openPreview(
  rig: Rig,
  rows: readonly Row[],
  scenario: Scenario,
  seed: number,
): AsyncDisposable {
  const over = new AbortController();
  const signal = AbortSignal.any([rig.signal, over.signal]);
  // What it does is not to be mixed with the progress of the fetching.
  const aside = { ...rig, signal, progress: silentProgress };
  // What calls others is no matter of one short trial.
  const shown = scenario.services.length > 0 ? [] : rows.filter(needsNoBroker);
  const done = show(aside, shown, short(scenario), seed).then((lines) => {
    if (lines.length > 0) rig.progress.line([HEAD, ...lines].join('\n  '));
  });
  done.catch(() => undefined);
  return {
    async [Symbol.asyncDispose]() {
      over.abort(new Error('the preview is over'));
      await done;
    },
  };
}

function needsNoBroker(row: Row): boolean {
  return row.definition.broker === undefined && row.target === undefined;
}

function short(scenario: Scenario): Scenario {
  const { warmUp, durationMs } = scenario;
  return {
    ...scenario,
    durationMs: Math.min(DURATION_MS, durationMs),
    warmUp: { ...warmUp, calls: Math.min(CALLS, warmUp.calls), probeMs: 0 },
  };
}

/** A line for each row that came to its end before the preview was ended. */
async function show(rig: Rig, rows: readonly Row[], scenario: Scenario, seed: number): Promise<string[]> {
  const lines: string[] = [];
  for (const row of rows) {
    const entry = { id: 0, round: 0, pattern: row.id, variant: null, kind: 'latency', case: null } as const;
    try {
      const { trial } = await runTrial(rig, specOf(entry, { scenario, seed, row }));
      lines.push(lineOf(row, trial));
    } catch (error) {
      if (rig.signal.aborted) return lines;
      throw error;
    }
  }
  return lines;
}

function lineOf({ title }: Row, { failure, phases: [phase] }: Trial): string {
  if (!phase) return `${title}: ${failure}`;
  const waits = `caller waits p50 ${medianText(phase.response)}, work done p50 ${medianText(phase.completion)}`;
  return `${title}: ${waits} (${phase.correct} of ${phase.planned} calls correct)`;
}

function medianText(series: Series): string {
  const us = quantileUs(series, 0.5);
  return us === null || us === undefined ? 'unknown' : `${(us / 1000).toFixed(2)} ms`;
}
