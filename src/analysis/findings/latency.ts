import type { Analysis } from '../analysis.ts';
import type { Finding } from '../finding.ts';
import { shortfallOf } from '../patterns/answering.ts';
import { rankablePatterns, soonestOf } from '../patterns/soonest-order.ts';
import { type PatternResult, sameGuarantee } from '../patterns/pattern-result.ts';
import { patternOf, quantileFigure, rankFigures } from './figures.ts';
import { whyUnjudged } from './unjudged.ts';

/** Figures by which patterns are put in order. */
const ORDERS = [
  ['first-item-order', 'firstItem'],
  ['jitter-order', 'itemJitter'],
  ['completion-order', 'completion'],
] as const;
type Order = (typeof ORDERS)[number];

/** The soonest or evenest pattern: a finding for each figure, and for each variant. */
export function orderFindings({ patterns, orders }: Analysis): Finding[] {
  return ORDERS.flatMap((order) => {
    if (orders.length === 0) return orderFinding(patterns, order);
    return orders.flatMap(({ variant: { id }, lines }) =>
      orderFinding(lines, order).map((finding) => ({
        ...finding,
        subject: [{ kind: 'variant', id } as const, ...finding.subject],
      })),
    );
  });
}

function orderFinding(all: readonly PatternResult[], [code, kind]: Order): Finding[] {
  // First items and jitter are figures of streams only.
  const patterns = kind === 'completion' ? all : all.filter(({ series }) => series[kind].merged);
  const measured = patterns.filter(({ series }) => series[kind].merged);
  if (measured.length < 2) return [];
  const fit = rankablePatterns(patterns, kind);
  const unfit = patterns.filter((pattern) => !fit.includes(pattern));
  // A pattern that fell short is measured: it is none to recommend.
  const undetermined = unfit.filter((pattern) => !shortfallOf(pattern));
  const { groups, verdict } = soonestOf(fit, kind);
  return [
    {
      code,
      subject: patterns.map(patternOf),
      figures: [...rankFigures(groups), ...measured.map((pattern) => quantileFigure(pattern, kind, 0.5))],
      verdict: undetermined.length > 0 || fit.length === 0 ? 'no-recommendation' : verdict,
      caveats: [
        ...unfit.map((pattern) => ({ code: whyUnjudged(pattern, kind), of: pattern.record.id })),
        ...(sameGuarantee(fit) ? [] : [{ code: 'unequal-guarantees' }]),
      ],
    },
  ];
}
