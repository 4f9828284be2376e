import { faultByName } from '../faults/faults.ts';
import { firstRate } from '../kernel/load-shape.ts';
import { brokersOf } from './brokers-of.ts';
import type { TrialSpec } from './spec.ts';

/** Start and end of a trial's processes, and the last silence after its load. */
const AROUND_S = 0.75;
/** The same for each further service. */
const SERVICE_S = 0.5;
/** Closed-loop calls per second of a slow pattern. */
const WARM_UP_PER_S = 3000;
/** Typical time until the work that a closed loop left behind a broker is done. */
const AFTER_LOOP_S = 0.3;
/** Typical number of windows until the steady state. */
const WINDOWS = 9;
/** Restart time of a killed broker that declares none. */
const AFTER_BROKER_S = 7;
/** Typical part of the longest wait for redelivery, such as a session time-out without the time to rejoin. */
const QUIESCENCE_SHARE = 0.75;

type Timed = Pick<TrialSpec, 'system' | 'load' | 'warmUp' | 'faults'>;

/** Estimated seconds of these trials on a typical machine. */
export function estimateSeconds(specs: readonly Timed[]): number {
  return specs.reduce((sum, spec) => sum + secondsOf(spec), 0);
}

export function formatEstimate(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return seconds < 7200 ? `${(seconds / 60).toFixed(1)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

function secondsOf(spec: Timed): number {
  const { load, faults } = spec;
  const { closedLoop, steadyState, loops = [] } = spec.warmUp;
  const { topology } = spec.system;
  const warmingS = closedLoop ? warmUpS(closedLoop, spec.system.service) : 0;
  const steadyStateS = steadyState
    ? (Math.min(WINDOWS, steadyState.maxWindows) * steadyState.window) / firstRate(load.shape)
    : 0;
  const ofProcesses = faults.filter((fault) => faultByName(fault.do).layer === 'process');
  const afterS = Math.max(0, ...ofProcesses.map((fault) => afterFaultS(fault, spec)));
  const servicesS = topology ? SERVICE_S * topology.services.length : 0;
  const loopsS = loops.reduce((sum, { forMs }) => sum + forMs / 1000 + AFTER_LOOP_S, 0);
  return AROUND_S + servicesS + warmingS + loopsS + steadyStateS + load.durationMs / 1000 + afterS;
}

/** The service's own concurrency may be the bound. */
function warmUpS(
  { calls, forMs, mostMs }: NonNullable<TrialSpec['warmUp']['closedLoop']>,
  { concurrency, processingMs }: TrialSpec['system']['service'],
): number {
  const perS = Math.min(WARM_UP_PER_S, processingMs > 0 ? (1000 * concurrency) / processingMs : Infinity);
  return Math.max(forMs / 1000, Math.min(calls / perS, (mostMs ?? Infinity) / 1000));
}

/** Time after the load until what was struck is back and its work redelivered, as far as the load does not cover it. */
function afterFaultS({ on, atMs, forMs }: Timed['faults'][number], spec: Timed): number {
  const { pattern, topology } = spec.system;
  if (on === GENERATOR) return 0;
  const broker =
    on === 'broker'
      ? pattern.definition.broker
      : brokersOf(pattern, topology).find(({ name }) => name === on);
  const restartS = broker ? (broker.backAfterS ?? AFTER_BROKER_S) : 0;
  const redeliveryS = (pattern.definition.quiescenceMs?.(pattern.options, pattern.interaction) ?? 0) / 1000;
  const coveredS = (spec.load.durationMs - atMs - forMs) / 1000;
  return Math.max(0, restartS + QUIESCENCE_SHARE * redeliveryS - coveredS);
}

/** A generator is only killed by the selftest, and adds no time. */
const GENERATOR = 'generator';
