import { describePatterns } from '../../plan/resolve-patterns.ts';
import { describeEnvironment } from '../../record/environment.ts';
import { type ExperimentRecord, RECORD_VERSION } from '../../record/record.ts';
import { withoutSecrets } from '../../scenario/load/target-secrets.ts';
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
