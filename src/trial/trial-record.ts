import { isUsedFor } from '../plan/kinds/kinds.ts';
import { isAnswered } from '../contracts/interactions.ts';
import { operationChooser } from '../kernel/operation-choice.ts';
import { NS_PER_MS } from '../kernel/clock.ts';
import { growthIn } from '../measure/figures/backlog-growth.ts';
import { capacityOf, UNKNOWN_CAPACITY } from '../measure/figures/capacity.ts';
import { loopFiguresOf } from '../measure/figures/closed-loop.ts';
import { cpuUsPerArrival, idleCores } from '../measure/figures/cost.ts';
import { couplingOf } from '../measure/figures/coupling.ts';
import type { Phase } from '../measure/figures/figures.ts';
import { measureTrial, type TrialEvidence, type TrialFigures } from '../measure/figures/join.ts';
import { measureOperations } from '../measure/figures/operations.ts';
import { completionWindows } from '../measure/figures/windows.ts';
import { validityOf } from '../measure/validity/validity.ts';
import { loadVerdictOf } from '../measure/validity/load-verdict.ts';
import type { PhaseSpan } from '../measure/figures/phases.ts';
import { waterfallOf } from '../measure/figures/waterfall.ts';
import type { Cost, FaultRecord, Trial } from '../record/record.ts';
import { peakPerS } from '../kernel/load-shape.ts';
import { brokersOf } from '../plan/brokers-of.ts';
import { fanOutIn } from '../plan/late-work.ts';
import type { Testbed } from './environment/testbed.ts';
import { ENDS_ITSELF } from '../plan/revival.ts';
import type { Entry, TrialSpec } from '../plan/spec.ts';
import { isOutage, observedPhases } from './observed-phases.ts';
import { faultsOffPlan } from '../record/fault-times.ts';
import type { RawTrial } from './raw-trial.ts';
import { strayNotes } from '../components/target/completion.ts';
import { shownAnswer } from './shown-text.ts';
import { ownStandstillIn, type Silences, silencesIn } from './silences.ts';
import { contractChangeOf } from './contract-change.ts';
import { hasFallback } from '../measure/hops/fallbacks.ts';
import { hopFiguresOf } from './trial-hops.ts';
import { type Role, usedIn } from './usage.ts';

interface When {
  readonly startedAt: string;
  readonly wallMs: number;
}

/** Turns observations into the record: joins, counts, and decides validity and load verdict. */
export function trialRecordOf(testbed: Testbed, spec: TrialSpec, raw: RawTrial, when: When): Trial {
  const phases = observedPhases(spec, raw.faults);
  const figures = figuresOf(spec, raw, phases);
  const outage = isOutage(spec) ? figures.phases.find((phase) => phase.name === 'outage') : undefined;
  const capacity = capacityOf(raw.generator.warmed, raw.logs.effects);
  const isAlone = isAccounted(testbed, spec, raw);
  const contractChange = contractChangeOf(spec, raw);
  const machine = machineOf(raw, isAlone);
  const hops = hopFiguresOf(spec, raw, phases);
  return {
    ...identityOf(spec, when),
    state: 'done',
    failure: null,
    notes: [...spec.notes, ...straysIn(spec, raw), ...(isAlone ? [] : [UNACCOUNTED])],
    planned: figures.planned,
    evidence: evidenceOf(spec),
    phases: figures.phases,
    ledgers: figures.ledgers,
    coupling: outage ? couplingOf(outage) : null,
    faults: [...raw.faults],
    contractChange,
    hops,
    waterfall: waterfallIn(spec, raw),
    validity: validityOf({
      phases: figures.phases,
      measuredNs: spec.load.durationMs * NS_PER_MS,
      unsent: figures.unsent,
      torn: raw.logs.torn,
      unexplained: figures.unexplained,
      ...caveatsIn(spec, raw),
      failure: null,
      generator: raw.generator.done.loop,
      machine,
    }),
    load: loadVerdictOf({
      phases: figures.phases,
      beforeFaults: beforeFaults(spec, raw),
      faults: [...injectedIn(raw), ...changesIn(contractChange)],
      isTarget: spec.system.pattern.target !== undefined,
      // Where a fallback stood in, not all of the work was asked for.
      hasEffectLog: evidenceOf(spec) !== 'none' && !hasFallback([hops]),
      backlogAtLastArrival: figures.backlogAtLastArrival,
      arrivalsInLastSecond: figures.arrivalsInLastSecond,
      peakPerS: peakPerS(spec.load.shape),
      capacity,
    }),
    failureTexts: failureTextsIn(spec, raw),
    backlogGrowth: growthOf(spec, raw),
    ...furtherFigures(spec, raw, phases),
    cost: costOf(testbed, spec, raw, figures),
    ...networkOf(spec, raw, figures.planned),
    capacity,
    ...closedLoopsOf(spec, raw),
    warmUp: warmUpOf(raw),
    pacing: raw.generator.paced.pacing,
    maxConcurrent: figures.maxConcurrent,
    drainMs: figures.drainMs,
    machine,
    generator: raw.generator.done.loop,
  };
}

function caveatsIn(spec: TrialSpec, raw: RawTrial): Silences {
  const [silences, own] = [silencesIn(spec, raw), ownStandstillIn(raw)];
  return {
    missing: [...raw.missing, ...faultsOffPlan(raw.faults), ...silences.missing, ...own.missing],
    disturbed: [...silences.disturbed, ...own.disturbed],
  };
}

function failureTextsIn(spec: TrialSpec, { generator }: RawTrial): Trial['failureTexts'] {
  return generator.done.failureTexts.map(({ end, texts }) => {
    return { end, texts: texts.map((text) => shownAnswer(spec, text)) };
  });
}

function injectedIn({ faults }: RawTrial): string[] {
  return faults.filter((f) => f.injectedNs !== null).map((f) => `${f.do} of ${f.on}`);
}

/** A changed contract is what fails calls, from the first one on: no load is to blame. */
function changesIn(contract: Trial['contractChange']): string[] {
  return contract?.change ? [`contract version ${contract.version}`] : [];
}

function evidenceOf({ system }: TrialSpec): Trial['evidence'] {
  const { target } = system.pattern;
  if (!target) return 'effect-log';
  return target.completion ? 'completion-queue' : 'none';
}

function straysIn({ system: { pattern } }: TrialSpec, { completion }: RawTrial): string[] {
  const place = pattern.target?.completion?.place;
  return completion && place !== undefined ? strayNotes(place, completion) : [];
}

/**
 * Counts of the arrivals whose deadline had passed at the first injection. A call that the fault may have struck is no
 * evidence of the load before it.
 */
function beforeFaults(spec: TrialSpec, raw: RawTrial): Phase | undefined {
  const injected = raw.faults.flatMap(({ injectedNs }) => injectedNs ?? []);
  const endNs = Math.min(...injected) - spec.load.deadlineMs * NS_PER_MS;
  if (injected.length === 0 || endNs <= 0) return undefined;
  const toNs = spec.load.durationMs * NS_PER_MS;
  const spans = [
    { name: 'before', fromNs: 0, toNs: endNs },
    { name: 'after', fromNs: endNs, toNs },
  ];
  return figuresOf(spec, raw, spans).phases[0];
}

function figuresOf(spec: TrialSpec, raw: RawTrial, phases: PhaseSpan[]): TrialFigures {
  return measureTrial(joinedEvidence(spec, raw, phases));
}

/** Figures that only some trials have. */
function furtherFigures(
  spec: TrialSpec,
  raw: RawTrial,
  phases: PhaseSpan[],
): Pick<Trial, 'completionWindowsUs' | 'operations'> {
  return { ...windowsOf(spec, raw), ...operationsIn(spec, raw, phases) };
}

/** Of a target that is asked for several things. */
function operationsIn(spec: TrialSpec, raw: RawTrial, phases: PhaseSpan[]): Pick<Trial, 'operations'> {
  const { target } = spec.system.pattern;
  const { mix } = spec.load;
  if (!target || (mix.length === 1 && Object.keys(target.flows).length === 0)) return {};
  return {
    operations: measureOperations(joinedEvidence(spec, raw, phases), {
      operationAt: operationChooser({ seed: spec.seed, mix }),
      operations: mix.map(({ operation }) => operation),
      flows: target.flows,
    }),
  };
}

function joinedEvidence(spec: TrialSpec, raw: RawTrial, phases: PhaseSpan[]): TrialEvidence {
  return {
    trial: spec.id,
    schedule: raw.logs.schedule,
    arrivals: raw.logs.arrivals,
    effects: raw.logs.effects,
    phases,
    deadlineNs: spec.load.deadlineMs * NS_PER_MS,
    ...subscribersIn(spec),
    deadLettered: raw.deadLettered.map((sequences) => new Set(sequences)),
    held: raw.held,
    ...(spec.measure.streams ? { streams: spec.measure.streams } : {}),
  };
}

/** Null under a varying load or beside a fault, where growth says nothing about the rate. */
function growthOf(
  spec: TrialSpec,
  { logs: { schedule, arrivals, effects } }: RawTrial,
): Trial['backlogGrowth'] {
  if (spec.load.shape.shape !== 'constant' || spec.faults.length > 0 || spec.system.topology) return null;
  const subscribers = evidenceOf(spec) === 'none' ? 0 : spec.system.pattern.subscribers;
  return growthIn({ trial: spec.id, schedule, arrivals, effects, subscribers }, spec.load.shape.ratePerS);
}

/** Where latencies are compared under a constant load. */
function windowsOf(
  spec: TrialSpec,
  { logs: { schedule, arrivals, effects } }: RawTrial,
): Pick<Trial, 'completionWindowsUs'> {
  const { pattern, topology } = spec.system;
  const isSteadyLoad = spec.load.shape.shape === 'constant' && isUsedFor(spec.kind, 'latency');
  if (!isSteadyLoad || topology || evidenceOf(spec) === 'none') return {};
  const seen = { trial: spec.id, schedule, arrivals, effects, subscribers: pattern.subscribers };
  return { completionWindowsUs: completionWindows(seen) };
}

/** Waterfall where latencies are compared: trials with faults are not comparable. */
function waterfallIn(
  spec: TrialSpec,
  { logs: { schedule, arrivals, effects } }: RawTrial,
): Trial['waterfall'] {
  const { pattern, topology } = spec.system;
  const isAnsweredPattern = isAnswered(pattern.interaction);
  // Behind a queue the work of a topology has no single path.
  if (!isUsedFor(spec.kind, 'latency') || (topology && !isAnsweredPattern)) return null;
  const subscribers = evidenceOf(spec) === 'effect-log' ? pattern.subscribers : 0;
  const seen = { trial: spec.id, schedule, arrivals, effects, subscribers };
  return waterfallOf({ ...seen, isAnswered: isAnsweredPattern });
}

/** Subscribers of the evidence; with a topology its services, each with its own fan-out. */
function subscribersIn(spec: TrialSpec): Pick<TrialEvidence, 'subscribers' | 'fanOut'> {
  if (evidenceOf(spec) === 'none') return { subscribers: 0 };
  if (!spec.system.topology) return { subscribers: spec.system.pattern.subscribers };
  return { subscribers: spec.system.topology.services.length, fanOut: fanOutIn(spec) };
}

function closedLoopsOf(
  spec: TrialSpec,
  { generator: { loops }, logs }: RawTrial,
): Pick<Trial, 'closedLoops'> {
  if (loops.length === 0) return {};
  const subscribers = evidenceOf(spec) === 'none' ? 0 : spec.system.pattern.subscribers;
  const warming = logs.effects.filter(({ stage }) => stage === 'warm-up');
  return { closedLoops: loops.map((loop) => loopFiguresOf(loop, warming, subscribers)) };
}

function warmUpOf({ generator: { warmed, settled } }: RawTrial): Trial['warmUp'] {
  return {
    calls: warmed?.calls ?? 0,
    steadyStateCalls: settled?.calls ?? 0,
    isSteady: settled?.isSteady ?? null,
    // A window without success has no median, which arrives here as null.
    windowP50Ns: (settled?.windowP50Ns ?? []).filter((ns) => Number.isFinite(ns)),
  };
}

/** A trial that could not be finished: recorded with its cause and without figures. */
export function failedTrial(spec: TrialSpec, failure: string, when: When): Trial {
  return { ...withoutFigures(failure), ...identityOf(spec, when), state: 'failed', notes: [...spec.notes] };
}

/** A trial that cannot be run here, which is no failure: recorded with the reason. */
export function skippedTrial(entry: Entry, reason: string): Trial {
  const when = { startedAt: new Date().toISOString(), wallMs: 0 };
  return { ...withoutFigures(reason), ...entry, ...when, state: 'skipped', notes: [] };
}

type Identity = Entry & When;

function withoutFigures(failure: string): Omit<Trial, keyof Identity | 'state' | 'notes'> {
  return {
    failure,
    planned: 0,
    evidence: 'none',
    phases: [],
    ledgers: [],
    coupling: null,
    faults: [],
    contractChange: null,
    hops: null,
    waterfall: null,
    validity: {
      verdict: 'incomplete',
      causes: [{ cause: 'incomplete', detail: failure }],
      boundQuantiles: [],
    },
    load: { verdict: 'unknown', detail: failure },
    failureTexts: [],
    backlogGrowth: null,
    cost: {
      callerUs: null,
      serviceUs: null,
      brokerUs: null,
      callerPeakBytes: null,
      servicePeakBytes: null,
      brokerPeakBytes: null,
    },
    wire: null,
    capacity: UNKNOWN_CAPACITY,
    warmUp: { calls: 0, steadyStateCalls: 0, isSteady: null, windowP50Ns: [] },
    pacing: 'none',
    maxConcurrent: 0,
    drainMs: 0,
    machine: { steal: null, others: null, busy: null },
    generator: null,
  };
}

function identityOf(spec: TrialSpec, when: When): Identity {
  return {
    id: spec.id,
    round: spec.round,
    pattern: spec.system.pattern.id,
    variant: spec.variant,
    kind: spec.kind,
    case: spec.case,
    ...when,
  };
}

function costOf(testbed: Testbed, spec: TrialSpec, raw: RawTrial, figures: TrialFigures): Cost {
  const { before, after } = raw.usage;
  const brokers = brokersOf(spec.system.pattern, spec.system.topology).map(({ name }) => name);
  // The CPU account of a replaced service is incomplete: its cost is unknown, not that of the successor.
  const ofService = !raw.faults.some((fault) => isReplaced(fault) && !isBroker(fault, brokers));
  const ofBroker = !raw.faults.some((fault) => isReplaced(fault) && isBroker(fault, brokers));
  // Idle use is only known for a single broker.
  const idle = brokers.length === 1 ? testbed.idleCpu.get(brokers[0]!) : undefined;
  const perArrival = (who: 'service' | 'broker') =>
    cpuUsPerArrival(
      {
        from: { atNs: before.atNs, cpuNs: usedIn(before.cpu, who) },
        to: { atNs: after.atNs, cpuNs: usedIn(after.cpu, who) },
      },
      figures.planned,
      who === 'broker' ? idle : undefined,
    );
  return {
    callerUs: figures.planned > 0 ? raw.generator.done.cpuUs / figures.planned : null,
    serviceUs: ofService ? perArrival('service') : null,
    // Use of a broker cannot be divided among concurrent trials.
    brokerUs: ofBroker && brokers.length <= 1 && raw.usage.besideCpuUs === null ? perArrival('broker') : null,
    callerPeakBytes: raw.generator.done.maxRssBytes,
    servicePeakBytes: (ofService ? usedIn(raw.usage.peaks, 'service') : null) ?? null,
    brokerPeakBytes: (ofBroker ? usedIn(raw.usage.peaks, 'broker') : null) ?? null,
    spans: {
      callerNs: raw.generator.done.spanNs,
      othersNs: after.atNs - before.atNs,
      brokerIdleCores: idle ? idleCores(idle) : null,
    },
  };
}

/** A process that was killed and started again has no single CPU account. */
function isReplaced(fault: FaultRecord): boolean {
  return fault.do === 'kill' || fault.do === ENDS_ITSELF;
}

function isBroker({ on }: FaultRecord, brokers: readonly string[]): boolean {
  return brokers.includes(on);
}

function networkOf(spec: TrialSpec, raw: RawTrial, calls: number): Pick<Trial, 'wire' | 'connections'> {
  return { wire: wireOf(spec, raw, calls), connections: raw.generator.done.connections };
}

/** Bytes per call, from the counting trial. Without a broker, the services' bytes mirror the caller's. */
function wireOf(
  spec: TrialSpec,
  { generator: { done }, usage: { serviceWire } }: RawTrial,
  calls: number,
): Trial['wire'] {
  if (!done.wire || calls === 0) return null;
  const services = spec.system.pattern.definition.broker === undefined ? null : serviceWire;
  const perCall = (bytes: number | undefined) => (bytes === undefined ? null : bytes / calls);
  return {
    calls,
    callerSent: done.wire.sent / calls,
    callerReceived: done.wire.received / calls,
    serviceSent: perCall(services?.sent),
    serviceReceived: perCall(services?.received),
  };
}

const UNACCOUNTED =
  'the CPU use of other processes is unknown: a target or broker that the run did not start cannot be distinguished from them';

/** Whether the use of every process of the trial is known: an unknown one would count as other work. */
function isAccounted(
  testbed: Testbed,
  { system: { pattern, topology } }: TrialSpec,
  { usage: { after } }: RawTrial,
): boolean {
  const brokers = brokersOf(pattern, topology);
  const isOurs = brokers.every(({ name }) => (testbed.brokers.get(name)?.pids.length ?? 0) > 0);
  return pattern.target ? usedIn(after.cpu, 'service') !== undefined && !pattern.target.isBroker : isOurs;
}

/**
 * All roles except the caller, which reports its own use in the measured part. Observers and fault injectors are ours,
 * too.
 */
const OURS: readonly Role[] = ['service', 'broker', 'proxy', 'observer', 'self'];

/** Shares of all cores while measuring: taken by the hypervisor, busy, and busy with processes not ours. */
function machineOf(
  { usage: { before, after, besideCpuUs }, generator: { done }, faults }: RawTrial,
  isAllKnown: boolean,
): Trial['machine'] {
  if (!before.machine || !after.machine) return { steal: null, others: null, busy: null };
  const totalNs = after.machine.totalNs - before.machine.totalNs;
  if (totalNs <= 0) return { steal: null, others: null, busy: null };
  const busyNs = after.machine.busyNs - before.machine.busyNs;
  const used = (who: Role) => Math.max(0, (usedIn(after.cpu, who) ?? 0) - (usedIn(before.cpu, who) ?? 0));
  const oursNs = OURS.reduce((sum, who) => sum + used(who), (done.cpuUs + (besideCpuUs ?? 0)) * 1000);
  // A restart hides the CPU account of the killed process: then the share of other work is unknown.
  const isKnown = isAllKnown && !faults.some(isReplaced);
  return {
    steal: (after.machine.stealNs - before.machine.stealNs) / totalNs,
    busy: busyNs / totalNs,
    others: isKnown ? Math.max(0, busyNs - oursNs) / totalNs : null,
  };
}
