import { describePatterns } from '../../plan/resolve-patterns.ts';
import type { ResolvedPattern } from '../../plan/spec.ts';
import { describeEnvironment } from '../../record/environment.ts';
import { type ExperimentRecord, type PatternRecord, RECORD_VERSION } from '../../record/record.ts';
import { withoutSecrets } from '../../scenario/load/target-secrets.ts';
import type { PatternNotRun } from '../../trial/environment/broker-set.ts';
import type { Design } from './design.ts';

/** A record in which nothing was measured yet. @param options what the user asked for, without credentials */
export function newRecord<D, P extends object>(
  { experiment, scenario, patterns, design }: Design<D, P>,
  { seed, options }: { readonly seed: number; readonly options: Readonly<Record<string, unknown>> },
): ExperimentRecord<D, P> {
  const environment = describeEnvironment();
  return {
    format: 'commbench-result',
    version: RECORD_VERSION,
    experiment,
    commbench: String(environment['commbench'] ?? ''),
    startedAt: new Date().toISOString(),
    finishedAt: null,
    state: 'running',
    scenario: withoutSecrets(scenario),
    seed,
    options,
    environment,
    brokers: [],
    patterns: describePatterns(patterns),
    design,
    trials: [],
  };
}

/** @param missing brokers that can't be had, by name */
export function noteMissing(
  records: readonly PatternRecord[],
  patterns: readonly ResolvedPattern[],
  missing: ReadonlyMap<string, PatternNotRun>,
): void {
  for (const [i, pattern] of patterns.entries()) {
    const why = whyPatternIsNotRun(pattern, missing);
    if (why) Object.assign(records[i]!, { state: 'not-run', reason: why.reason, hint: why.hint });
  }
}

/** A row's own broker is in every variant of it. */
export function whyPatternIsNotRun(
  pattern: ResolvedPattern,
  missing: ReadonlyMap<string, PatternNotRun>,
): PatternNotRun | undefined {
  return pattern.target === undefined ? missing.get(pattern.definition.broker?.name ?? '') : undefined;
}
