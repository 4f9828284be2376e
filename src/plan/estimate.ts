import { faultByName } from '../faults/faults.ts';
import { firstRate } from '../kernel/load-shape.ts';
import { brokersOf } from './brokers-of.ts';
import type { TrialSpec } from './spec.ts';

/** Start and end of a trial's processes, and the last silence after its load. */
const AROUND_S = 1.3;
/** The same for each further service. */
const SERVICE_S = 0.3;
/** Closed-loop calls per second of a slow pattern. */
const WARM_UP_PER_S = 3000;
/** Typical number of windows until the steady state. */
const WINDOWS = 2.5;
/** Restart time after a kill: of a broker that declares none, and of a service. */
const AFTER_BROKER_S = 7;
const AFTER_SERVICE_S = 1;

type Timed = Pick<TrialSpec, 'system' | 'load' | 'warmUp' | 'faults'>;

/** Estimated seconds of these trials on a typical machine. */
export function estimateSeconds(specs: readonly Timed[]): number {
  return specs.reduce((sum, spec) => sum + secondsOf(spec), 0);
}

export function formatEstimate(seconds: number): string {
  return seconds < 90 ? `${Math.round(seconds)} s` : `${(seconds / 60).toFixed(1)} min`;
}

function secondsOf(spec: Timed): number {
  const { load, faults } = spec;
  const { closedLoop, steadyState } = spec.warmUp;
  const { topology } = spec.system;
  const warmingS = closedLoop ? Math.max(closedLoop.forMs / 1000, closedLoop.calls / WARM_UP_PER_S) : 0;
  const steadyStateS = steadyState ? (WINDOWS * steadyState.window) / firstRate(load.shape) : 0;
  const ofProcesses = faults.filter((fault) => faultByName(fault.do).layer === 'process');
  const faultS = ofProcesses.reduce((sum, { on }) => sum + afterS(on, spec), 0);
  const servicesS = topology ? SERVICE_S * topology.services.length : 0;
  return AROUND_S + servicesS + warmingS + steadyStateS + load.durationMs / 1000 + faultS;
}

function afterS(on: string, { system: { pattern, topology } }: Timed): number {
  const broker =
    on === 'broker'
      ? pattern.definition.broker
      : brokersOf(pattern, topology).find(({ name }) => name === on);
  if (broker) return broker.backAfterS ?? AFTER_BROKER_S;
  return on === GENERATOR ? 0 : AFTER_SERVICE_S;
}

/** A generator is only killed by the selftest, and adds no time. */
const GENERATOR = 'generator';
