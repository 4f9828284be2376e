import { validityFinding } from '../../analysis/findings/validity.ts';
import { formatShare, formatUs } from '../../report/format.ts';
import { validityText } from '../../report/findings/validity.ts';
import { type Best, type DecidingKind, isShare, type VariedPattern, type VariedPoint } from './points.ts';
import type { VaryRecord } from './record.ts';

export const NAMES: Readonly<Record<DecidingKind, string>> = {
  correct: 'correct from the fault on',
  doneInTime: 'done in time from the fault on',
  response: 'response p50',
  completion: 'completion p50',
};

/** One sentence for each pattern, and one on validity. */
export function varyAnswer(record: VaryRecord, patterns: readonly VariedPattern[]): string[] {
  if (record.trials.length === 0) return ['No results: no trial finished.'];
  const valid = validityText(validityFinding(record.trials));
  return [
    ...patterns.map((pattern) => bestText(record, pattern)),
    ...(record.state === 'interrupted' ? ['Interrupted: these are the trials that were finished.'] : []),
    ...(valid === null ? [] : [`${valid}.`]),
  ];
}

/** `REST: correct from the fault on is highest at 500 (88.1 %); not told apart from it: 200, 1000; lower: 5000 (71.0 %).` */
function bestText({ design }: VaryRecord, { pattern, kind, points, best }: VariedPattern): string {
  const is = isShare(kind) ? 'highest' : 'lowest';
  if (!best) return `${pattern.title}: ${NAMES[kind]} was not measured at two values.`;
  const at = (values: readonly number[]) => values.map((value) => valueWith(points, value, kind)).join(', ');
  const parts = [
    `${pattern.title}: ${NAMES[kind]} is ${is} at ${design.path} ${best.value} (${decidingText(best.figure, kind)})`,
    ...(best.alike.length > 0 ? [`not told apart from it: ${at(best.alike)}`] : []),
    ...(best.worse.length > 0 ? [`${isShare(kind) ? 'lower' : 'longer'}: ${at(best.worse)}`] : []),
  ];
  return `${parts.join('; ')}.${onceText(design.rounds, best)}`;
}

/** Values of one round cannot be told apart by their scatter. */
function onceText(rounds: number, { worse }: Best): string {
  return rounds === 1 && worse.length === 0
    ? ' One round has no scatter: use --rounds 3 or more to tell.'
    : '';
}

function valueWith(points: readonly VariedPoint[], value: number, kind: DecidingKind): string {
  const { figure } = points.find((point) => point.value === value)!;
  return figure === null ? String(value) : `${value} (${decidingText(figure, kind)})`;
}

export function decidingText(value: number, kind: DecidingKind): string {
  return isShare(kind) ? formatShare(value) : formatUs(value);
}
