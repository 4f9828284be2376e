import type { Analysis } from '../analysis.ts';
import type { Finding } from '../finding.ts';
import { soonestCompletion, rankableRows } from '../patterns/soonest-completion.ts';
import { type PatternResult, sameGuarantee } from '../patterns/pattern-result.ts';
import { patternOf, quantileFigure, rankFigures } from './figures.ts';
import { whyUnjudged } from './unjudged.ts';

/** The pattern that completes its work soonest: one finding, or one for each variant. */
export function orderFindings({ patterns, orders }: Analysis): Finding[] {
  if (orders.length === 0) return orderFinding(patterns);
  return orders.flatMap(({ variant, lines }) =>
    orderFinding(lines).map((finding) => ({
      ...finding,
      subject: [{ kind: 'variant', id: variant.id } as const, ...finding.subject],
    })),
  );
}

function orderFinding(patterns: readonly PatternResult[]): Finding[] {
  const measured = patterns.filter((pattern) => pattern.series.completion.merged);
  if (measured.length < 2) return [];
  const fit = rankableRows(patterns);
  const unfit = patterns.filter((pattern) => !fit.includes(pattern));
  const { groups, verdict } = soonestCompletion(fit);
  return [
    {
      code: 'completion-order',
      subject: patterns.map(patternOf),
      figures: [
        ...rankFigures(groups),
        ...measured.map((pattern) => quantileFigure(pattern, 'completion', 0.5)),
      ],
      verdict: unfit.length > 0 ? 'no-recommendation' : verdict === 'no-median' ? 'too-few-rounds' : verdict,
      caveats: [
        ...unfit.map((pattern) => ({ code: whyUnjudged(pattern, 'completion'), of: pattern.record.id })),
        ...(sameGuarantee(fit) ? [] : [{ code: 'unequal-guarantees' }]),
      ],
    },
  ];
}
