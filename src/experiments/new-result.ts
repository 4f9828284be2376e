import { describeEnvironment } from '../record/environment.ts';
import type { Result } from '../record/record.ts';
import { writeResult } from '../record/store.ts';
import type { Scenario } from '../scenario/schema/schema.ts';
import { withoutSecrets } from '../scenario/load/target-secrets.ts';
import type { NotRun } from '../trial/environment/broker-set.ts';
import { calibrationOf } from './calibration-file.ts';
import { describeRows } from '../plan/rows.ts';
import type { Row } from '../plan/spec.ts';

interface About {
  readonly scenario: Scenario;
  readonly seed: number;
  /** URLs of brokers that are the user's own, by name. */
  readonly brokers: Readonly<Record<string, string>>;
  /** What the user asked for, without credentials. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** A result of which nothing was measured yet. */
export function newResult({ scenario, seed, brokers, options }: About, rows: readonly Row[]): Result {
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
    patterns: describeRows(rows),
    trials: [],
    interleave: null,
    calibration: calibrationOf(rows, brokers, environment),
  };
}

/** @param missing brokers that can't be had, by name */
export function notePatterns(
  result: Result,
  rows: readonly Row[],
  missing: ReadonlyMap<string, NotRun>,
): void {
  for (const [i, row] of rows.entries()) {
    const why = whyRowIsNotRun(row, missing);
    if (why) Object.assign(result.patterns[i]!, { state: 'not-run', reason: why.reason, cure: why.cure });
  }
}

/** A row's own broker is in every variant of it. */
export function whyRowIsNotRun(row: Row, missing: ReadonlyMap<string, NotRun>): NotRun | undefined {
  return row.target === undefined ? missing.get(row.definition.broker?.name ?? '') : undefined;
}

export function saveResult(result: Result, outPath: string): void {
  result.finishedAt = new Date().toISOString();
  writeResult(outPath, result);
}
