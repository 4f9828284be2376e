import type { Footnotes } from '../footnotes.ts';
import type { Trial } from '../../record/record.ts';
import { type Cell, EMPTY_CELL, textCell } from '../view.ts';

const VALIDITY_ORDER = ['incomplete', 'generator-bound', 'disturbed', 'valid'] as const;
const LOAD_ORDER = ['saturated', 'failing', 'faulted', 'unknown', 'sustained'] as const;

const UNCHECKED =
  'The use of the cores by other programs could not be evaluated: a killed process took its CPU account along, or the run did not start what it drove.';

/** Worst validity of the trials, and the number of trials that have it. */
export function validityCell(
  trials: readonly Trial[],
  notes: Footnotes,
  unit: 'rounds' | 'trials' = 'rounds',
): Cell {
  const worst = VALIDITY_ORDER.find((verdict) => trials.some((t) => t.validity.verdict === verdict));
  if (worst === undefined) return EMPTY_CELL;
  const affected = trials.filter((t) => t.validity.verdict === worst);
  if (worst === 'valid') {
    const isUnchecked = trials.some(({ machine }) => machine.others === null);
    return textCell('valid', { tone: 'good', marks: isUnchecked ? [notes.mark(UNCHECKED)] : [] });
  }
  const detail = affected[0]!.validity.causes.find((c) => c.cause === worst)?.detail;
  const others = trials.filter((t) => !['valid', worst].includes(t.validity.verdict)).length;
  const more = others > 0 ? `, ${others} more not valid` : '';
  const of = trials.length > 1 ? `${affected.length} of ${trials.length} ${unit}${more}` : null;
  return verdictCell(worst, of, detail, notes);
}

/** Load verdict of the system under test: a finding, not a caveat. */
export function loadVerdictCell(trials: readonly Trial[], notes: Footnotes): Cell {
  const worst = LOAD_ORDER.find((verdict) => trials.some((t) => t.load.verdict === verdict));
  if (worst === undefined) return EMPTY_CELL;
  const affected = trials.filter((t) => t.load.verdict === worst);
  if (worst === 'sustained') return textCell('sustained', { tone: 'good' });
  const of = trials.length > 1 ? `${affected.length} of ${trials.length} rounds` : null;
  return verdictCell(worst, of, affected[0]!.load.detail, notes);
}

function verdictCell(verdict: string, of: string | null, detail: string | undefined, notes: Footnotes): Cell {
  return textCell(verdict, {
    tone: 'bad',
    below: of,
    marks: detail === undefined ? [] : [notes.mark(detail.endsWith('.') ? detail : `${detail}.`)],
  });
}
