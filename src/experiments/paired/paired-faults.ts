import type { FaultSpec } from '../../faults/faults.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import type { PairedKind } from '../../plan/paired-scenario.ts';
import { guess } from '../../scenario/load/guess.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';

/** The faults of every trial of a comparison. */
export interface PairedFaults {
  readonly kind: PairedKind;
  readonly faults: readonly FaultSpec[];
}

export interface FaultChoice {
  readonly case?: string;
  /** False: without faults. */
  readonly faults: boolean;
}

const NONE: PairedFaults = { kind: 'latency', faults: [] };

/**
 * The faults under which the arms are compared: those of the scenario, or of one of its cases. A comparison answers one
 * question, so that of several cases one is chosen.
 * @throws CommbenchError bad-option
 */
export function pairedFaults(scenario: Scenario, asked: FaultChoice): PairedFaults {
  const { cases, faults, name } = scenario;
  const ids = cases.map(({ id }) => id);
  if (!asked.faults) {
    if (asked.case === undefined) return NONE;
    throw new CommbenchError('bad-option', '--case cannot be combined with --no-faults');
  }
  if (asked.case !== undefined) {
    const found = cases.find(({ id }) => id === asked.case);
    if (found) return { kind: 'fault', faults: found.faults };
    const expected =
      ids.length > 0 ? `a case of ${name} (${ids.join(', ')})` : `no --case: ${name} has no cases`;
    throw new CommbenchError(
      'bad-option',
      `--case: Expected ${expected}, found ${asked.case}${guess(asked.case, ids)}`,
    );
  }
  if (cases.length > 1) {
    throw new CommbenchError('bad-option', `${name} has several cases of faults: ${ids.join(', ')}`, {
      hint: `Choose one with --case ${ids[0]!}, or compare without faults: --no-faults.`,
    });
  }
  const own = cases[0]?.faults ?? faults;
  return own.length > 0 ? { kind: 'fault', faults: own } : NONE;
}
