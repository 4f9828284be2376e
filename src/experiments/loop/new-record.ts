import { redactUrl } from '../../kernel/redact.ts';
import { describePatterns } from '../../plan/resolve-patterns.ts';
import { commitHere } from '../../record/commit.ts';
import { describeEnvironment, type Environment } from '../../record/environment.ts';
import { type ExperimentRecord, RECORD_VERSION, type RecordHeader } from '../../record/record.ts';
import { withoutSecrets } from '../../scenario/load/target-secrets.ts';
import type { Testbed } from '../../trial/environment/testbed.ts';
import type { Design } from './design.ts';

interface RecordedConditions {
  readonly seed: number;
  readonly options: Readonly<Record<string, unknown>>;
  /** Values of targets are stored. */
  readonly storeValues: boolean;
}

/** A record without trials. @param options the user's, without credentials */
export function newRecord<D, P extends object>(
  { experiment, scenario, patterns, design }: Design<D, P>,
  { seed, options, storeValues }: RecordedConditions,
): ExperimentRecord<D, P> {
  const environment: Environment = { ...describeEnvironment(), commit: commitHere() };
  return {
    format: 'commbench-result',
    version: RECORD_VERSION,
    experiment,
    commbench: String(environment['commbench'] ?? ''),
    startedAt: new Date().toISOString(),
    finishedAt: null,
    state: 'running',
    scenario: storeValues ? scenario : withoutSecrets(scenario),
    seed,
    options,
    environment,
    brokers: [],
    patterns: describePatterns(patterns),
    design,
    trials: [],
  };
}

/** The record of the running brokers, without credentials. @param warmed how each was warmed, by name */
export function brokerRecords(
  { brokers }: Pick<Testbed, 'brokers'>,
  warmed: ReadonlyMap<string, string>,
): RecordHeader['brokers'] {
  return [...brokers.values()].map(({ name, source, version, url }) => {
    return { name, source, version, url: redactUrl(url), warmed: warmed.get(name) ?? null };
  });
}
