import type { FaultSpec } from '../../../faults/faults.ts';
import type { LoadShape } from '../../../kernel/load-shape.ts';

/** A fault on the trial's timeline; times from the start of the measured load. */
export interface PlannedFault extends Pick<FaultSpec, 'do' | 'atMs' | 'forMs'> {
  /** Unique in its trial. */
  readonly id: string;
  /** service, broker: the pattern's own. generator: of the selftest. Otherwise the id of a service, edge or broker. */
  readonly on: string;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface PhaseWindow {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Load, phases and faults, from the start of a trial's measured load. */
export interface Timeline {
  readonly load: LoadShape;
  readonly durationMs: number;
  readonly phases: readonly PhaseWindow[];
  readonly faults: readonly PlannedFault[];
}

/** One phase for the whole duration, without a fault. */
export function steady(load: LoadShape, durationMs: number): Timeline {
  return { load, durationMs, phases: [{ name: 'baseline', fromMs: 0, toMs: durationMs }], faults: [] };
}
