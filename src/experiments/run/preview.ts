import type { Series } from '../../measure/figures/figures.ts';
import { quantileUs } from '../../measure/figures/histogram.ts';
import type { Trial } from '../../record/record.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { silentProgress } from '../../trial/progress.ts';
import type { Testbed } from '../../trial/environment/testbed.ts';
import type { ResolvedPattern } from '../../plan/spec.ts';
import { runTrial } from '../../trial/trial.ts';
import { plainSpec } from '../../plan/trial-plan.ts';

const CALLS = 500;
const DURATION_MS = 1000;
const HEAD =
  'Preview while brokers are fetched: one short trial each, disturbed by the download, not part of the result';

/**
 * One short trial of each pattern that needs no broker, shown as text when all are over: first figures during a cold
 * fetch. They are not recorded. Disposing ends the preview within the bounds of a process's end.
 */
export function openPreview(
  testbed: Testbed,
  patterns: readonly ResolvedPattern[],
  scenario: Scenario,
  seed: number,
): AsyncDisposable {
  const over = new AbortController();
  const signal = AbortSignal.any([testbed.signal, over.signal]);
  // Its own progress would mix with that of the download.
  const aside = { ...testbed, signal, progress: silentProgress };
  // Topologies take longer than one short trial.
  const shown = scenario.services.length > 0 ? [] : patterns.filter(needsNoBroker);
  const done = show(aside, shown, short(scenario), seed).then((lines) => {
    if (lines.length > 0) testbed.progress.line([HEAD, ...lines].join('\n  '));
  });
  done.catch(() => undefined);
  return {
    async [Symbol.asyncDispose]() {
      over.abort(new Error('the preview is over'));
      await done;
    },
  };
}

function needsNoBroker(pattern: ResolvedPattern): boolean {
  return pattern.definition.broker === undefined && pattern.target === undefined;
}

function short(scenario: Scenario): Scenario {
  const { warmUp, durationMs } = scenario;
  return {
    ...scenario,
    durationMs: Math.min(DURATION_MS, durationMs),
    warmUp: { ...warmUp, calls: Math.min(CALLS, warmUp.calls), probeMs: 0 },
  };
}

/** A line for each pattern that finished before the preview was ended. */
async function show(
  testbed: Testbed,
  patterns: readonly ResolvedPattern[],
  scenario: Scenario,
  seed: number,
): Promise<string[]> {
  const lines: string[] = [];
  for (const pattern of patterns) {
    try {
      const { trial } = await runTrial(testbed, plainSpec({ id: 0, round: 0 }, { scenario, seed, pattern }));
      lines.push(lineOf(pattern, trial));
    } catch (error) {
      if (testbed.signal.aborted) return lines;
      throw error;
    }
  }
  return lines;
}

function lineOf({ title }: ResolvedPattern, { failure, phases: [phase] }: Trial): string {
  if (!phase) return `${title}: ${failure}`;
  const waits = `response p50 ${medianText(phase.response)}, completion p50 ${medianText(phase.completion)}`;
  return `${title}: ${waits} (${phase.correct} of ${phase.planned} calls correct)`;
}

function medianText(series: Series): string {
  const us = quantileUs(series, 0.5);
  return us === null || us === undefined ? 'unknown' : `${(us / 1000).toFixed(2)} ms`;
}
