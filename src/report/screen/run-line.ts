import type { Result } from '../../record/record.ts';
import { variantsOf } from '../../analysis/patterns/pattern-result.ts';
import { faultTrialsOf } from '../../analysis/faults/fault-trials.ts';
import { happeningText } from '../faults/fault-text.ts';
import { formatMs, plural } from '../format.ts';
import { loadText } from '../load-text.ts';
import { brokerVersions } from '../setup-text.ts';

/** `pattern-comparison: 5 patterns, constant 200/s, 5 rounds of 3 s, seed 42, rabbitmq 4.3.6`. */
export function runLine(result: Result): string {
  const {
    scenario,
    patterns,
    seed,
    design: { order },
  } = result;
  const variants = variantsOf(result).length;
  const cases = scenario.cases.filter(({ id }) => order.some((entry) => entry.case === id)).length;
  const parts = [
    ...(patterns.length > 1 ? [plural(patterns.length, 'pattern')] : []),
    ...(variants > 1 ? [plural(variants, 'variant')] : []),
    ...(cases > 1 ? [plural(cases, 'fault case')] : []),
    loadText(scenario.load).replace(/^constant /, ''),
    ...(cases === 0 ? faultParts(result) : []),
    `${plural(scenario.rounds, 'round')} of ${formatMs(scenario.durationMs)}`,
    `seed ${seed}`,
    ...brokerVersions(result.brokers),
  ];
  return `${scenario.name}: ${parts.join(', ')}`;
}

/** `payments slow for 3 s, then payments killed for 2 s`. */
function faultParts(result: Result): string[] {
  const lines = faultTrialsOf(result).filter(({ trials }) => trials.length > 0);
  if (lines.length === 0) return [];
  const text = happeningText(lines, result.scenario);
  return [text.charAt(0).toLowerCase() + text.slice(1)];
}
