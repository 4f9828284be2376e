import type { MeasuringConditions } from '../../commands/options/measuring-options.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import type { BrokerIdentity } from '../../kernel/transport.ts';
import { brokersOf, brokersTakenIn } from '../../plan/brokers-of.ts';
import { formatEstimate } from '../../plan/estimate.ts';
import type { ExperimentRecord, Trial } from '../../record/record.ts';
import type { BrokerCare } from '../../trial/environment/broker-care.ts';
import { lookBefore, type Waiting } from '../../trial/environment/machine-look.ts';
import { endOf, endText, type Progress, silentProgress, type TrialLabel } from '../../trial/progress.ts';
import type { TraceLog } from '../../trial/tracing/trace-log.ts';
import { skippedTrial } from '../../trial/trial-record.ts';
import type { Design, DesignStage, DesignStep, PlannedTrial } from './design.ts';
import { noteMissing, whyPatternIsNotRun } from './missing-brokers.ts';
import { brokerRecords, newRecord } from './new-record.ts';
import { realWorld, type World } from './world.ts';

/** Conditions under which a design is run. */
export interface Conditions extends MeasuringConditions, Waiting {
  readonly outPath: string;
  /** The user's options, for the record. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Takes the spans of sampled requests; absent: none is traced. */
  readonly traces?: TraceLog;
}

/** Observer of a design run, who may end it. */
export interface Watching<R> {
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Called with the growing record when all is started, before the first trial. */
  readonly begun?: (record: R) => void;
}

interface Run<D, P extends object> extends DesignStage<D, P> {
  readonly conditions: Conditions;
  readonly world: World;
  readonly care: BrokerCare;
}

/**
 * Runs a design to its end: the one loop of every experiment. What is announced as finished is in the file.
 * @throws CommbenchError bad-option: the plan takes too long, and nothing was started; interrupted, terminated,
 * reaper-lost, disk-full: what was finished before is in the file;
 * whatever else the design throws
 */
export async function runDesign<D, P extends object>(
  design: Design<D, P>,
  conditions: Conditions,
  { progress, signal, begun }: Watching<ExperimentRecord<D, P>>,
  world: World = realWorld,
): Promise<ExperimentRecord<D, P>> {
  const { generators, brokers: urls, allowRemote, skipBrokers: skip, traces } = conditions;
  refuseEndless(design, conditions);
  const record = newRecord(design, conditions);
  if (design.estimate !== undefined) progress.line(design.estimate);
  await using testbed = await world.openTestbed({
    progress,
    signal,
    generators,
    ...(traces ? { trace: traces.sampling } : {}),
  });
  const meanwhile = design.meanwhile && (() => design.meanwhile!(testbed));
  const choice = { urls, allowRemote, skip };
  const { missing, warmed } = await world.startBrokers(testbed, design.needed, choice, meanwhile);
  design.checkMissing?.(missing);
  await lookBefore(testbed, conditions, world);
  record.brokers = brokerRecords(testbed, warmed);
  noteMissing(record.patterns, design.patterns, missing);
  const toBeHad = design.needed.filter(({ name }) => !missing.has(name));
  const endMs = world.nowMs() + (design.budgetMs ?? Infinity);
  const run: Run<D, P> = {
    testbed,
    record,
    patterns: design.patterns.filter((pattern) => !whyPatternIsNotRun(pattern, missing)),
    missing,
    leftMs: () => Math.max(0, endMs - world.nowMs()),
    conditions,
    world,
    care: world.careForBrokers(testbed, toBeHad, { urls, allowRemote }),
  };
  begun?.(record);
  try {
    const isOver = await runSteps(design, run);
    record.state = isOver && missing.size === 0 && isWhole(design, record) ? 'complete' : 'incomplete';
  } catch (error) {
    record.state = 'interrupted';
    throw error;
  } finally {
    // An earlier result in its place is worth more than an empty one.
    if (record.state !== 'interrupted' || record.trials.length > 0) save(run);
  }
  return record;
}

function isWhole<D, P extends object>(design: Design<D, P>, record: ExperimentRecord<D, P>): boolean {
  return design.isWhole?.(record) ?? record.trials.every(({ state }) => state !== 'failed');
}

/** @throws CommbenchError bad-option */
function refuseEndless(
  { seconds = 0 }: { readonly seconds?: number },
  { maxTimeMs = Infinity }: Pick<MeasuringConditions, 'maxTimeMs'>,
): void {
  if (seconds * 1000 <= maxTimeMs) return;
  const [planned, most] = [seconds, maxTimeMs / 1000].map(formatEstimate);
  throw new CommbenchError(
    'bad-option',
    `The plan takes about ${planned}, longer than --max-time (${most})`,
    {
      hint: 'Lower rounds, durations or the number of patterns, or raise the rate; or allow more with --max-time.',
    },
  );
}

/** @returns whether every step was taken */
async function runSteps<D, P extends object>(design: Design<D, P>, run: Run<D, P>): Promise<boolean> {
  const { world, conditions, testbed } = run;
  const lastMs = world.nowMs() + (conditions.maxTimeMs ?? Infinity);
  const steps = design.steps(run);
  let next = await steps.next([]);
  while (!next.done) {
    if (world.nowMs() > lastMs) {
      testbed.progress.line('No further trial begins: the time of --max-time is over.');
      return false;
    }
    next = await steps.next(await runStep(design, run, next.value));
  }
  return true;
}

async function runStep<D, P extends object>(
  design: Design<D, P>,
  run: Run<D, P>,
  step: DesignStep<P>,
): Promise<(Trial & P)[]> {
  const { testbed, care, record } = run;
  const { trials: planned, label = planned[0]!.label } = step;
  testbed.signal.throwIfAborted();
  await care.before(planned.flatMap((one) => brokersIn(run, one)));
  testbed.progress.trialStarted(
    design.budgetMs === undefined ? label : { ...label, runSecondsLeft: secondsLeft(label, run.leftMs()) },
  );
  const { trials, trace } = await trialsOf(run, planned);
  record.trials.push(...trials);
  // Saved before it is announced: a finished trial is in the file, whatever is killed next.
  save(run);
  trace();
  for (const [i, one] of planned.entries()) {
    const trial = trials[i]!;
    testbed.progress.trialEnded(one.label, endOf(trial), one.summaryOf?.(trial) ?? endText(trial));
    await care.after(trial, 'skipped' in one.spec ? [] : brokersTakenIn(one.spec));
  }
  return trials;
}

/** What is planned, as far as the budget allows. */
function secondsLeft({ runSecondsLeft = Infinity }: TrialLabel, leftMs: number): number {
  return Math.min(runSecondsLeft, leftMs / 1000);
}

/** Available brokers that the trial goes over. */
function brokersIn<D, P extends object>({ missing }: Run<D, P>, { spec }: PlannedTrial<P>): BrokerIdentity[] {
  const own =
    'skipped' in spec
      ? brokersOf(spec.pattern, undefined)
      : brokersOf(spec.system.pattern, spec.system.topology);
  return own.filter(({ name }) => !missing.has(name));
}

async function trialsOf<D, P extends object>(
  { testbed, world, conditions }: Run<D, P>,
  planned: readonly PlannedTrial<P>[],
): Promise<{ trials: (Trial & P)[]; trace: () => void }> {
  const specs = planned.flatMap(({ spec }) => ('skipped' in spec ? [] : spec));
  const session = planned[0]?.session;
  // A session has a display of its own.
  const host = session ? { ...testbed, progress: silentProgress } : testbed;
  const outputs = specs.length === 0 ? [] : [...(await world.runTrials(host, specs, session))];
  const left = outputs.map(({ trial }) => trial);
  const trials = planned.map(({ spec, place }) => {
    const trial = 'skipped' in spec ? skippedTrial(spec.entry, spec.skipped) : left.shift()!;
    return { ...trial, ...place };
  });
  const trace = () => {
    for (const [i, { raw }] of outputs.entries()) if (raw) conditions.traces?.add(specs[i]!, raw);
  };
  return { trials, trace };
}

function save<D, P extends object>({ world, record, conditions }: Run<D, P>): void {
  const finishedAt = new Date().toISOString();
  world.save(conditions.outPath, { ...record, finishedAt });
  record.finishedAt = finishedAt;
}
