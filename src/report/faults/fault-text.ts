import { NS_PER_MS } from '../../kernel/clock.ts';
import { faultByName } from '../../faults/faults.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { formatMs } from '../format.ts';
import { lengthNs } from '../../record/fault-times.ts';
import type { FaultRecord } from '../../record/record.ts';
import { secondsText } from './recovery-text.ts';
import type { FaultTrials } from '../../analysis/faults/fault-trials.ts';
import { factorOf } from '../../analysis/faults/load-factor.ts';

/**
 * `payments killed for 5 s`, `load ×5 for 2 s`.
 * @param on what the fault's target is called
 */
export function faultText(fault: FaultRecord, scenario: Scenario, on = fault.on): string {
  const ns = lengthNs(fault);
  const long =
    ns === null
      ? '(never observed)'
      : `for ${ns === fault.plannedForNs ? formatMs(ns / NS_PER_MS) : secondsText(ns)}`;
  if (fault.do === 'load') return `load ×${factorOf(fault, scenario)} ${long}`;
  return `${on} ${faultByName(fault.do).state} ${long}`;
}

/** A case by its title, else all that happens: `Payments slow for 2 s, then payments killed for 5 s`. */
export function happeningText(lines: readonly FaultTrials[], scenario: Scenario): string {
  const [first, ...others] = lines.flatMap(({ trials }) => trials.slice(0, 1));
  const faults = (first?.faults ?? []).toSorted((a, b) => a.plannedAtNs - b.plannedAtNs);
  const happened = faults.map((fault, i) => {
    const previous = faults[i - 1];
    const joint = !previous ? '' : previous.plannedAtNs < fault.plannedAtNs ? ', then ' : ' and ';
    // Each row's own broker.
    const isSame = others.every((trial) =>
      trial.faults.some(({ id, on }) => id === fault.id && on === fault.on),
    );
    return joint + faultText(fault, scenario, isSame ? fault.on : 'broker');
  });
  const text = lines[0]?.case?.title ?? happened.join('');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
