import type { Footnotes } from '../footnotes.ts';
import type { Trial } from '../record.ts';
import { type Cell, EMPTY_CELL, textCell } from '../view.ts';

const MEASUREMENT_ORDER = ['incomplete', 'generator-bound', 'disturbed', 'valid'] as const;
const LOAD_ORDER = ['saturated', 'faulted', 'unknown', 'sustained'] as const;

/** May the figures be believed: the worst of the trials, and in how many it was so. */
export function measurementCell(trials: readonly Trial[], notes: Footnotes): Cell {
  const worst = MEASUREMENT_ORDER.find((verdict) => trials.some((t) => t.measurement.verdict === verdict));
  if (worst === undefined) return EMPTY_CELL;
  const affected = trials.filter((t) => t.measurement.verdict === worst);
  if (worst === 'valid') return textCell('valid', { tone: 'good' });
  const detail = affected[0]!.measurement.causes.find((c) => c.cause === worst)?.detail;
  return verdictCell(worst, affected.length, trials.length, detail, notes);
}

/** How the system under test took the load: a finding, not a doubt. */
export function loadVerdictCell(trials: readonly Trial[], notes: Footnotes): Cell {
  const worst = LOAD_ORDER.find((verdict) => trials.some((t) => t.load.verdict === verdict));
  if (worst === undefined) return EMPTY_CELL;
  const affected = trials.filter((t) => t.load.verdict === worst);
  if (worst === 'sustained') return textCell('sustained', { tone: 'good' });
  return verdictCell(worst, affected.length, trials.length, affected[0]!.load.detail, notes);
}

function verdictCell(
  verdict: string,
  affected: number,
  all: number,
  detail: string | undefined,
  notes: Footnotes,
): Cell {
  return textCell(verdict, {
    tone: 'bad',
    below: all > 1 ? `${affected} of ${all} rounds` : null,
    marks: detail === undefined ? [] : [notes.mark(detail.endsWith('.') ? detail : `${detail}.`)],
  });
}
