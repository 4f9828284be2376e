import { loadCatalogue } from '../../transports/discover.ts';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { neededBy, startBrokers } from '../../trial/environment/broker-set.ts';
import { estimateSeconds } from '../../plan/estimate.ts';
import type { TrialLabel } from '../../trial/progress.ts';
import { openTestbed, type Testbed } from '../../trial/environment/testbed.ts';
import type { MeasuringConditions } from '../../commands/options/measuring-options.ts';
import type { Measuring } from '../../commands/terminal/measuring.ts';
import { resolvePatterns } from '../../plan/resolve-patterns.ts';
import { plural } from '../../report/format.ts';
import { whyPatternIsNotRun } from '../loop/missing-brokers.ts';
import { notRun, type MeasuredTrial, type SelftestCheck } from './check.ts';
import { exactQuantilesCheck } from './exact.ts';
import { freezeChecks, generatorFreezeChecks } from './freeze.ts';
import { delayChecks } from './delay.ts';
import { seededDefectChecks } from './seeded-defects.ts';
import { frozenTrial, stillTrial } from './trials.ts';
import type { ResolvedPattern, TrialSpec } from '../../plan/spec.ts';
import { runTrial } from '../../trial/trial.ts';

export interface SelftestReport {
  readonly checks: readonly SelftestCheck[];
}

export interface SelftestOptions extends MeasuringConditions, Measuring {
  /** Its patterns are tested. */
  readonly scenario: Scenario;
  /** Ids of the patterns; undefined: all. */
  readonly patterns: readonly string[] | undefined;
}

/**
 * The instrument's own truth test: seeds known holds, freezes and delivery defects from outside (signals, the service
 * process) and compares the report with them. A pattern whose broker is unavailable, or whose trial fails, is
 * `not-run`; the others are tested all the same.
 */
export async function runSelftest(options: SelftestOptions): Promise<SelftestReport> {
  const { patterns: chosen, scenario, allowRemote, skipBrokers, seed, progress } = options;
  const patterns = await resolvePatterns(scenario, { patterns: chosen }, await loadCatalogue());
  await using testbed = await openTestbed(options);
  const choice = { urls: options.brokers, allowRemote, skip: skipBrokers };
  const { missing } = await startBrokers(testbed, neededBy(patterns), choice);
  const checks = patterns.flatMap((pattern) => {
    const why = whyPatternIsNotRun(pattern, missing);
    return why ? [notRun(pattern, why.reason)] : [];
  });
  const there = patterns.filter((pattern) => !whyPatternIsNotRun(pattern, missing));
  const tests = testsOf(there, { seed, folder: testbed.folder });
  const specs = tests.flatMap((test) => test.trials.map(({ spec }) => spec));
  if (specs.length > 0)
    progress.line(`About ${Math.ceil(estimateSeconds(specs))} s for ${plural(specs.length, 'trial')}`);
  const labelled = labels(specs);
  for (const test of tests) checks.push(...(await runTest(testbed, test, labelled)));
  return { checks };
}

/** Trials of one pattern, and the checks that are made when all of them are over. */
interface Test {
  readonly pattern: ResolvedPattern;
  readonly trials: readonly { readonly what: string; readonly spec: TrialSpec }[];
  check(seen: readonly MeasuredTrial[]): SelftestCheck[];
}

/** Every pattern has its own adapter and is frozen in its own way; the generator is the same for all and frozen once. */
function testsOf(
  patterns: readonly ResolvedPattern[],
  { seed, folder }: { seed: number; folder: string },
): Test[] {
  const own = patterns.map((pattern, i) => patternTest(pattern, { seed, folder, firstId: 1 + 2 * i }));
  const caller = patterns.find((pattern) => pattern.definition.broker === undefined) ?? patterns[0];
  if (!caller) return [];
  const spec = frozenTrial({ id: 1 + 2 * patterns.length, pattern: caller, seed }, 'generator');
  const generator: Test = {
    pattern: caller,
    trials: [{ what: 'the generator frozen', spec }],
    check: ([seen]) => generatorFreezeChecks(caller, seen!),
  };
  return [...own, generator];
}

function patternTest(pattern: ResolvedPattern, at: { seed: number; folder: string; firstId: number }): Test {
  const { seed, firstId } = at;
  const seededDefectsLog = path.join(at.folder, `${pattern.id}.seeded-defects`);
  return {
    pattern,
    trials: [
      {
        what: 'a delay, a message lost, one duplicated, one out of order',
        spec: stillTrial({ id: firstId, pattern, seed }, seededDefectsLog),
      },
      { what: 'the service frozen', spec: frozenTrial({ id: firstId + 1, pattern, seed }, 'service') },
    ],
    check: (seen) => [
      ...delayChecks(pattern, seen[0]!),
      ...seededDefectChecks(pattern, seen[0]!, readFileSync(seededDefectsLog, 'utf8')),
      ...freezeChecks(pattern, seen[1]!),
      exactQuantilesCheck(pattern, seen),
    ],
  };
}

async function runTest(
  testbed: Testbed,
  test: Test,
  labelled: (what: string) => TrialLabel,
): Promise<SelftestCheck[]> {
  const seen: MeasuredTrial[] = [];
  for (const { what, spec } of test.trials) {
    const label = labelled(`${test.pattern.title}: ${what}`);
    testbed.progress.trialStarted(label);
    const { trial, raw } = await runTrial(testbed, spec);
    testbed.progress.trialEnded(label, trial.state, trial.failure ?? 'done');
    if (!raw) return [notRun(test.pattern, trial.failure ?? 'its trial failed')];
    seen.push({ trial, raw });
  }
  return test.check(seen);
}

/** `3/12 REST: the service frozen`, with what the trials from there on take. */
function labels(specs: readonly TrialSpec[]): (what: string) => TrialLabel {
  let n = 0;
  return (what) => {
    const runSecondsLeft = estimateSeconds(specs.slice(n));
    return { name: `${++n}/${specs.length} ${what}`, runSecondsLeft };
  };
}
