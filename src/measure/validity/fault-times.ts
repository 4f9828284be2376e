import { NS_PER_MS, type Nanoseconds } from '../../kernel/clock.ts';
import { percentText, timeText } from './limit-text.ts';

/** How far a fault may be off its plan (DESIGN 3.8). */
export const FAULT_LIMITS = {
  /** Begin, end or length: more than this and ... */
  offNs: 50 * NS_PER_MS,
  /** ... more than this share of the planned length. */
  offShare: 0.05,
} as const;

/** The same as a part of a sentence. */
export const FAULT_RULE = `a fault was not on as planned (its observed begin, end or length off by more than ${timeText(FAULT_LIMITS.offNs)} and ${percentText(FAULT_LIMITS.offShare)} of its length)`;

/** A fault as planned and as observed, from the start of the load. */
export interface FaultTimes {
  /** What it is called: `the fault fz of service`. */
  readonly name: string;
  readonly plannedAtNs: Nanoseconds;
  readonly plannedForNs: Nanoseconds;
  /** null: it was never observed. */
  readonly beganNs: Nanoseconds | null;
  /** null: its end was never observed. */
  readonly endedNs: Nanoseconds | null;
}

/** The most that its begin, its end and its length may differ from the plan. */
function faultLimitNs({ plannedForNs }: Pick<FaultTimes, 'plannedForNs'>): Nanoseconds {
  return Math.max(FAULT_LIMITS.offNs, FAULT_LIMITS.offShare * plannedForNs);
}

/** Whether it was on from when to when it was planned, by its own observation. */
export function isOnPlan(fault: Omit<FaultTimes, 'name'>): boolean {
  const { plannedAtNs, plannedForNs, beganNs, endedNs } = fault;
  if (beganNs === null || endedNs === null) return false;
  const off = [
    beganNs - plannedAtNs,
    endedNs - plannedAtNs - plannedForNs,
    endedNs - beganNs - plannedForNs,
  ].map(Math.abs);
  return Math.max(...off) <= faultLimitNs(fault);
}

/** What was on in place of the fault planned, by figures; undefined: the planned one. */
export function offPlanText(fault: FaultTimes): string | undefined {
  if (isOnPlan(fault)) return undefined;
  const { name, plannedAtNs, plannedForNs, beganNs, endedNs } = fault;
  const plan = `planned: from ${timeText(plannedAtNs)} for ${timeText(plannedForNs)}, limit ${timeText(faultLimitNs(fault))}`;
  if (beganNs === null) return `${name} was never observed (${plan})`;
  const long = endedNs === null ? 'and its end was not observed' : `for ${timeText(endedNs - beganNs)}`;
  return `${name} was on from ${timeText(beganNs)} ${long} (${plan})`;
}
