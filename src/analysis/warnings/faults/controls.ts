import { unhealthyEndpoints } from '../../faults/control-health.ts';
import type { FaultComparison } from '../../faults/fault-comparison.ts';
import { nameWithCase } from '../../faults/fault-trials.ts';

/** Without a control, effects of the fault cannot be separated from earlier conditions. */
export interface NoControl {
  readonly code: 'no-control';
  readonly lines: readonly string[];
}

export function missingControls(comparisons: readonly FaultComparison[]): NoControl[] {
  const names = comparisons.filter(({ controls }) => controls.length === 0).map(nameWithCase);
  return names.length === 0 ? [] : [{ code: 'no-control', lines: names }];
}

/** A control must be healthy: otherwise the difference is between two disturbed trials. */
export interface ControlUnhealthy {
  readonly code: 'control-unhealthy';
  readonly name: string;
  /** Titles. */
  readonly endpoints: readonly string[];
}

/** Several cases of a pattern share one control. */
export function unhealthyControls(comparisons: readonly FaultComparison[]): ControlUnhealthy[] {
  const firsts = comparisons.filter((comparison, i) => {
    return comparisons.findIndex((other) => other.controls[0] === comparison.controls[0]) === i;
  });
  return firsts.flatMap(({ controls, name }): ControlUnhealthy[] => {
    const endpoints = [...new Set(controls.flatMap(unhealthyEndpoints))];
    return endpoints.length === 0 ? [] : [{ code: 'control-unhealthy', name, endpoints }];
  });
}
