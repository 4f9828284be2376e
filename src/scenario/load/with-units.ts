import { parseUnit } from '../schema/units.ts';
import { isMapping } from './mapping.ts';

/** Fields of a target with times of ours; its others are what the user sends. */
const OF_TARGET = ['ready', 'stop'];

/**
 * A scenario as it was parsed, its times and rates as numbers: `durationMs: 3s`, `ratePerS: 200/s`. A text that is none
 * stays, to be reported.
 */
export function withUnits(scenario: unknown): unknown {
  if (!isMapping(scenario) || !isMapping(scenario['targets'])) return converted(scenario);
  const targets = Object.entries(scenario['targets']).map(([id, target]) => [id, ofTarget(target)]);
  return {
    ...(converted({ ...scenario, targets: {} }) as object),
    targets: Object.fromEntries(targets) as unknown,
  };
}

function ofTarget(target: unknown): unknown {
  if (!isMapping(target)) return target;
  const fields = Object.entries(target).map(([key, value]) => [
    key,
    OF_TARGET.includes(key) ? converted(value) : value,
  ]);
  return Object.fromEntries(fields) as unknown;
}

function converted(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return parseUnit(key, value) ?? value;
  if (Array.isArray(value)) return value.map((one) => converted(one));
  if (!isMapping(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, converted(one, name)]),
  ) as unknown;
}
