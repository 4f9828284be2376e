import type { Analysis } from '../analysis.ts';
import type { FaultComparison } from '../faults/fault-comparison.ts';
import { correctShare } from '../faults/requests.ts';
import { type TransportSwap, transportSwaps } from '../faults/transport-swaps.ts';
import type { Finding, FoundFigure } from '../finding.ts';
import { caveatsOf, subjectOfLine } from './faults.ts';

/** What another transport of one edge changes where everything else, policies included, is alike. */
export function swapFindings({ faults, result: { scenario } }: Analysis): Finding[] {
  return transportSwaps(faults, scenario).map(swapFinding);
}

function swapFinding({ edge, from, to, base, swapped }: TransportSwap): Finding {
  return {
    code: 'transport-swap',
    subject: [
      ...subjectOfLine(swapped),
      { kind: 'edge', id: edge },
      ...(base.variant ? [{ kind: 'variant', id: base.variant.id } as const] : []),
    ],
    figures: [...figuresOf(swapped, ''), ...figuresOf(base, 'base-')],
    terms: { from, to },
    caveats: [...new Map([swapped, base].flatMap(caveatsOf).map((one) => [one.code, one])).values()],
  };
}

/** Figures of the requests that depend on the fault, and of the endpoints that do not. */
function figuresOf({ harm: { here }, health: { blast } }: FaultComparison, prefix: string): FoundFigure[] {
  const others = blast?.independent;
  return [
    { name: `${prefix}success`, value: here.planned === 0 ? null : correctShare(here), unit: 'share' },
    { name: `${prefix}done`, value: here.planned === 0 ? null : here.done / here.planned, unit: 'share' },
    { name: `${prefix}degraded-endpoints`, value: others?.harmed ?? null, unit: 'count' },
    { name: `${prefix}unrelated-endpoints`, value: others?.of ?? null, unit: 'count' },
  ];
}
