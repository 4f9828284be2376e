import path from 'node:path';
import { CommbenchError, type ErrorCode } from '../kernel/errors.ts';
import { createSchedule } from '../measure/schedule.ts';
import type { Trial } from '../record/record.ts';
import { allOf, onAbort } from '../kernel/wait.ts';
import { noSpaceIn } from '../platform/process/no-space.ts';
import { openCollector } from './collector.ts';
import { drive } from './drive.ts';
import { startGenerator } from './environment/generator-run.ts';
import { componentsOf, targetsIn, untilLost } from './components.ts';
import { dropBroker } from './environment/broker-set.ts';
import { openSystem } from './environment/open-system.ts';
import type { Meeting } from './meeting.ts';
import type { RawTrial } from './raw-trial.ts';
import type { DrivenSession } from './drive-parts.ts';
import type { Testbed } from './environment/testbed.ts';
import type { TrialSpec } from '../plan/spec.ts';
import { type Standstill, type StandstillWatch, watchStandstills } from './standstill.ts';
import { watchedGenerator, watchedParts } from './watched-parts.ts';
import { targetPlan } from './environment/target-run.ts';
import { failedTrial, trialRecordOf } from './trial-record.ts';

export interface TrialOutput {
  readonly trial: Trial;
  /** Undefined when the trial failed. */
  readonly raw: RawTrial | undefined;
}

/** What else acts on a trial. */
export interface TrialCompany {
  /** With trials that run at the same time; absent: it runs alone. */
  readonly meeting?: Meeting;
  /** Who decides on its faults, its load and its end while it runs; absent: they are planned. */
  readonly session?: DrivenSession | undefined;
}

/**
 * Runs one trial with fresh processes and queues of its own. A process that fails makes a failed trial, with its last
 * output; only an interrupt, a full disk or a defect of commbench is thrown.
 */
export async function runTrial(
  testbed: Testbed,
  spec: TrialSpec,
  company: TrialCompany = {},
): Promise<TrialOutput> {
  const startedAt = new Date().toISOString();
  const startedMs = performance.now();
  try {
    const raw = await observe(testbed, spec, company);
    const wallMs = performance.now() - startedMs;
    return {
      trial: trialRecordOf(testbed, company.session?.played() ?? spec, raw, { startedAt, wallMs }),
      raw,
    };
  } catch (error) {
    if (testbed.signal.aborted) throw testbed.signal.reason;
    if (!failsTrialAlone(error)) throw error;
    const full = noSpaceIn(testbed.folder);
    if (full) throw full;
    const wallMs = performance.now() - startedMs;
    return { trial: failedTrial(spec, failureText(error), { startedAt, wallMs }), raw: undefined };
  }
}

/** Message and hint of an error. */
export function failureText({ message, hint }: CommbenchError): string {
  return hint === undefined ? message : `${message} → ${hint}`;
}

/** A full disk or a lost reaper fails every later trial too, and a defect may not pass for a finding. */
const OF_THE_RUN: readonly ErrorCode[] = ['disk-full', 'cannot-write', 'reaper-lost', 'defect'];

/** Whether an error fails this trial alone; the next one may well run, e.g. after a broker restart. */
export function failsTrialAlone(error: unknown): error is CommbenchError {
  return error instanceof CommbenchError && !OF_THE_RUN.includes(error.code);
}

/** A part that stands still although no fault is to stop it ends the trial, which would wait for it in vain. */
async function observe(testbed: Testbed, spec: TrialSpec, company: TrialCompany): Promise<RawTrial> {
  using standstills = watchStandstills();
  const over = new AbortController();
  let seen: Standstill | undefined;
  void standstills.seen.then(async (standstill) => {
    seen = standstill;
    // The removal of its queues needs a broker that goes on.
    await testbed.brokers.get(standstill.name)?.faultTarget?.signal('SIGCONT');
    over.abort(new Error(standstill.words));
  });
  const ends = await Promise.allSettled([observeWatched(testbed, spec, { ...company, over, standstills })]);
  const [end] = ends;
  seen ??= standstills.now();
  if (!seen || testbed.signal.aborted) {
    if (end.status === 'fulfilled') return end.value;
    throw end.reason;
  }
  // It is not known what else became of it.
  if (testbed.brokers.has(seen.name)) await dropBroker(testbed, seen.name);
  throw new CommbenchError('child-failed', seen.words);
}

interface Observing extends TrialCompany {
  /** Ends the trial. */
  readonly over: AbortController;
  readonly standstills: StandstillWatch;
}

async function observeWatched(
  testbed: Testbed,
  spec: TrialSpec,
  { meeting, session, over, standstills }: Observing,
): Promise<RawTrial> {
  await using stack = new AsyncDisposableStack();
  const signal = AbortSignal.any([testbed.signal, over.signal]);
  stack.defer(() => over.abort(new Error('the trial is over')));
  const name = `${spec.system.pattern.id}-${spec.id}`;
  const logPath = path.join(testbed.folder, `${name}.effects`);
  const collector = stack.use(openCollector(logPath));
  const schedule = session?.schedule ?? createSchedule(spec.load.shape, spec.load.durationMs, spec.seed);
  standstills.watch(watchedParts(spec, componentsOf(testbed, spec, [])));
  // In parallel: both have code to load before they can meet.
  const [system, generator] = await allOf([
    openSystem(testbed, spec, { name, logPath, schedule, signal, stack }),
    startGenerator(testbed, generatorSettings(testbed, spec, name), signal).then((started) =>
      stack.use(started),
    ),
  ] as const);
  standstills.watch([...watchedParts(spec, system.parts), watchedGenerator(spec, generator)]);
  generator.order({ type: 'connect', address: system.address });
  const components = componentsOf(testbed, spec, system.parts);
  const targets = targetsIn(components, name);
  const lost = untilLost(components);
  lost.catch(() => undefined);
  const ended = Promise.withResolvers<never>();
  using _listener = onAbort(signal, () => ended.reject(signal.reason));
  try {
    const parts = { testbed, spec, schedule, collector, generator, ...system, components, targets };
    // Awaited here, as resources in use are disposed when this function returns.
    return await Promise.race([
      drive({ ...parts, signal, standstills, meeting, session }),
      lost,
      ended.promise,
    ]);
  } finally {
    // Before disposal: faults must release the processes that disposal needs.
    over.abort(new Error('the trial is over'));
  }
}

function generatorSettings(testbed: Testbed, spec: TrialSpec, name: string) {
  return {
    name: `generator-${name}`,
    trial: spec.id,
    seed: spec.seed,
    transport: spec.system.pattern.definition.name,
    interaction: spec.system.pattern.interaction,
    options: spec.system.pattern.options,
    address: null,
    ...(spec.system.pattern.target ? { target: targetPlan(testbed, spec.system.pattern.target) } : {}),
    contract: spec.system.contract,
    mix: spec.load.mix,
    keys: spec.load.keys,
    load: spec.load.shape,
    durationMs: spec.load.durationMs,
    ...(spec.load.mostArrivals === undefined ? {} : { mostArrivals: spec.load.mostArrivals }),
    deadlineMs: spec.load.deadlineMs,
    patience: spec.system.pattern.patience,
    drainMs: spec.load.drainMs,
    warmUp: spec.warmUp.closedLoop,
    closedLoops: [...(spec.warmUp.loops ?? [])],
    steadyState: spec.warmUp.steadyState,
    pacing: 'auto' as const,
    countBytes: spec.measure.countBytes,
    ...(testbed.trace ? { trace: testbed.trace } : {}),
    arrivalsPath: path.join(testbed.folder, `${name}.arrivals`),
  };
}
