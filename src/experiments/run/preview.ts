import type { Series } from '../../measure/figures/figures.ts';
import { quantileUs } from '../../measure/figures/histogram.ts';
import type { Trial } from '../../record/record.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { silentProgress } from '../../trial/progress.ts';
import type { Testbed } from '../../trial/environment/testbed.ts';
import type { ResolvedPattern } from '../../plan/spec.ts';
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
  testbed: Testbed,
  patterns: readonly ResolvedPattern[],
  scenario: Scenario,
  seed: number,
): AsyncDisposable {
  const over = new AbortController();
  const signal = AbortSignal.any([testbed.signal, over.signal]);
  // What it does is not to be mixed with the progress of the fetching.
  const aside = { ...testbed, signal, progress: silentProgress };
  // What calls others is no matter of one short trial.
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

/** A line for each row that came to its end before the preview was ended. */
async function show(
  testbed: Testbed,
  patterns: readonly ResolvedPattern[],
  scenario: Scenario,
  seed: number,
): Promise<string[]> {
  const lines: string[] = [];
  for (const pattern of patterns) {
    const entry = {
      id: 0,
      round: 0,
      pattern: pattern.id,
      variant: null,
      kind: 'latency',
      case: null,
    } as const;
    try {
      const { trial } = await runTrial(testbed, specOf(entry, { scenario, seed, pattern }));
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
