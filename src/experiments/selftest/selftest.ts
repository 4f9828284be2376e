import { loadCatalogue } from '../../transports/discover.ts';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { neededBy, startBrokers } from '../../trial/environment/broker-set.ts';
import { estimateSeconds } from '../../plan/estimate.ts';
import type { Progress } from '../../trial/progress.ts';
import { openRig, type Rig } from '../../trial/environment/rig.ts';
import { resolveRows } from '../../plan/rows.ts';
import { notRun, type Seen, type SelftestCheck } from './check.ts';
import { exactQuantilesCheck } from './exact.ts';
import { freezeChecks, generatorFreezeChecks } from './freeze.ts';
import { holdChecks } from './hold.ts';
import { plantChecks } from './plants.ts';
import { frozenTrial, stillTrial } from './trials.ts';
import type { Row, TrialSpec } from '../../plan/spec.ts';
import { runTrial } from '../../trial/trial.ts';

export interface SelftestReport {
  readonly checks: readonly SelftestCheck[];
}

export interface SelftestOptions {
  readonly brokers: Readonly<Record<string, string>>;
  readonly skipBrokers: boolean;
  /** Hosts besides this machine on which a given broker may be. */
  readonly allowRemote: readonly string[];
  /** Its rows are tested. */
  readonly scenario: Scenario;
  /** Ids of the rows; undefined: all. */
  readonly patterns: readonly string[] | undefined;
  readonly seed: number;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/**
 * The instrument's own truth test: plants known holds, freezes and delivery defects from outside
 * (signals, the service process) and compares what is reported with what was planted. A row whose broker
 * can't be had, or whose trial fails, is `not-run`; the others are tested all the same.
 */
export async function runSelftest(options: SelftestOptions): Promise<SelftestReport> {
  const { patterns, scenario, allowRemote, skipBrokers, seed, progress } = options;
  const rows = await resolveRows(scenario, { patterns, targets: {}, allowRemote: [] }, await loadCatalogue());
  await using rig = await openRig(options);
  const choice = { urls: options.brokers, allowRemote, skip: skipBrokers };
  const { missing } = await startBrokers(rig, neededBy(rows), choice);
  const tests = testsOf(
    rows.filter((row) => whyNot(row, missing) === undefined),
    { seed, folder: rig.folder },
  );
  const specs = tests.flatMap((test) => test.trials.map(({ spec }) => spec));
  if (specs.length > 0)
    progress.line(`About ${Math.ceil(estimateSeconds(specs))} s for ${specs.length} trials`);
  const say = counter(progress, specs.length);

  const checks = rows.flatMap((row) => {
    const why = whyNot(row, missing);
    return why === undefined ? [] : [notRun(row, why)];
  });
  for (const test of tests) checks.push(...(await runTest(rig, test, say)));
  return { checks };
}

function whyNot({ definition }: Row, missing: ReadonlyMap<string, { reason: string }>): string | undefined {
  return missing.get(definition.broker?.name ?? '')?.reason;
}

/** Trials of one row, and what is looked for in them when all of them are over. */
interface Test {
  readonly row: Row;
  readonly trials: readonly { readonly what: string; readonly spec: TrialSpec }[];
  check(seen: readonly Seen[]): SelftestCheck[];
}

/** Every row has its own adapter and its own way to be frozen; the generator is the same for all: once is enough. */
function testsOf(rows: readonly Row[], { seed, folder }: { seed: number; folder: string }): Test[] {
  const own = rows.map((row, i) => rowTest(row, { seed, folder, firstId: 1 + 2 * i }));
  const caller = rows.find((row) => row.definition.broker === undefined) ?? rows[0];
  if (!caller) return [];
  const spec = frozenTrial({ id: 1 + 2 * rows.length, row: caller, seed }, 'generator');
  const generator: Test = {
    row: caller,
    trials: [{ what: 'the generator frozen', spec }],
    check: ([seen]) => generatorFreezeChecks(caller, seen!),
  };
  return [...own, generator];
}

function rowTest(row: Row, at: { seed: number; folder: string; firstId: number }): Test {
  const { seed, firstId } = at;
  const plantsLog = path.join(at.folder, `${row.id}.plants`);
  return {
    row,
    trials: [
      {
        what: 'a hold, a message lost, one doubled, one out of order',
        spec: stillTrial({ id: firstId, row, seed }, plantsLog),
      },
      { what: 'the service frozen', spec: frozenTrial({ id: firstId + 1, row, seed }, 'service') },
    ],
    check: (seen) => [
      ...holdChecks(row, seen[0]!),
      ...plantChecks(row, seen[0]!, readFileSync(plantsLog, 'utf8')),
      ...freezeChecks(row, seen[1]!),
      exactQuantilesCheck(row, seen),
    ],
  };
}

async function runTest(rig: Rig, test: Test, say: (what: string) => void): Promise<SelftestCheck[]> {
  const seen: Seen[] = [];
  for (const { what, spec } of test.trials) {
    say(`${test.row.title}: ${what}`);
    const { trial, raw } = await runTrial(rig, spec);
    if (!raw) return [notRun(test.row, trial.failure ?? 'its trial failed')];
    seen.push({ trial, raw });
  }
  return test.check(seen);
}

function counter(progress: Progress, count: number): (what: string) => void {
  let n = 0;
  return (what) => progress.line(`${++n}/${count} ${what}`);
}
