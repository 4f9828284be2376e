import { describeEnvironment } from '../record/environment.ts';
import type { Result, Trial } from '../record/record.ts';
import { writeResult } from '../record/store.ts';
import type { Scenario } from '../scenario/schema/schema.ts';
import { withoutSecrets } from '../scenario/load/target-secrets.ts';
import type { NotRun } from '../trial/environment/broker-set.ts';
import { calibrationOf } from './calibration-file.ts';
import { describePatterns } from '../plan/resolve-patterns.ts';
import type { ResolvedPattern } from '../plan/spec.ts';

interface About {
  readonly scenario: Scenario;
  readonly seed: number;
  /** URLs of brokers that are the user's own, by name. */
  readonly brokers: Readonly<Record<string, string>>;
  /** What the user asked for, without credentials. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** A result of which nothing was measured yet. */
export function newResult(
  { scenario, seed, brokers, options }: About,
  patterns: readonly ResolvedPattern[],
): Result {
  const environment = describeEnvironment();
  return {
    format: 'commbench-result',
    version: 1,
    commbench: String(environment['commbench'] ?? ''),
    startedAt: new Date().toISOString(),
    finishedAt: null,
    state: 'running',
    scenario: withoutSecrets(scenario),
    seed,
    options,
    order: [],
    environment,
    brokers: [],
    patterns: describePatterns(patterns),
    trials: [],
    interleave: null,
    calibration: calibrationOf(patterns, brokers, environment),
  };
}

/** @param missing brokers that can't be had, by name */
export function notePatterns(
  result: Result,
  patterns: readonly ResolvedPattern[],
  missing: ReadonlyMap<string, NotRun>,
): void {
  for (const [i, pattern] of patterns.entries()) {
    const why = whyPatternIsNotRun(pattern, missing);
    if (why) Object.assign(result.patterns[i]!, { state: 'not-run', reason: why.reason, hint: why.hint });
  }
}

/** A row's own broker is in every variant of it. */
export function whyPatternIsNotRun(
  pattern: ResolvedPattern,
  missing: ReadonlyMap<string, NotRun>,
): NotRun | undefined {
  return pattern.target === undefined ? missing.get(pattern.definition.broker?.name ?? '') : undefined;
}

export function saveResult(result: Result, outPath: string): void {
  result.finishedAt = new Date().toISOString();
  writeResult(outPath, result);
}

export function summaryOf(trial: Trial): string {
  return trial.failure ?? `${trial.validity.verdict}, ${trial.load.verdict}`;
}
