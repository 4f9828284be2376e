/** Figures that a threshold may limit, and their units. */
export const THRESHOLD_FIGURES = {
  response: { kind: 'percentile', title: 'response time' },
  completion: { kind: 'percentile', title: 'completion time' },
  'first-item': { kind: 'percentile', title: 'time to first item, of streams' },
  recovery: { kind: 'time', title: 'time to recover' },
  goodput: { kind: 'rate', title: 'correct replies per second' },
  'done-in-time': { kind: 'rate', title: 'work done within the deadline, per second' },
  failures: { kind: 'share', title: 'calls without a correct reply within the deadline' },
  lost: { kind: 'count', title: 'accepted, never done' },
  duplicates: { kind: 'count', title: 'done more than once' },
  phantom: { kind: 'count', title: 'refused, yet done' },
  'out-of-order': { kind: 'count', title: 'done after a later one of the same key' },
  'dead-lettered': { kind: 'count', title: 'dead-lettered by the broker' },
} as const satisfies Record<string, { kind: FigureKind; title: string }>;
export type ThresholdFigure = keyof typeof THRESHOLD_FIGURES;
export const THRESHOLD_FIGURE_NAMES = Object.keys(THRESHOLD_FIGURES) as ThresholdFigure[];

export type FigureKind = 'percentile' | 'time' | 'rate' | 'share' | 'count';

/** Counted in an effect log or ledger, so that no clock is in it. */
export function isExactCount(figure: ThresholdFigure): boolean {
  return THRESHOLD_FIGURES[figure].kind === 'count';
}
