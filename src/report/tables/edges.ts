import { edgeTotals, type EdgeTotals } from '../../analysis/faults/edge-totals.ts';
import type { PatternResult } from '../../analysis/patterns/pattern-result.ts';
import type { EdgeFigures } from '../../measure/hops/hop-figures.ts';
import { mergeSeries } from '../../measure/figures/histogram.ts';
import { countCell, highestCell, someCell } from '../cells.ts';
import { amplifiedCell, okShareCell } from '../faults/cells.ts';
import { figureColumn, patternRow, tableOf, textColumn } from '../table.ts';
import { type Section, textCell } from '../view.ts';
import { VARIANT } from './latency.ts';

interface EdgeLine {
  readonly pattern: PatternResult;
  readonly edge: string;
  /** One of each round. */
  readonly edges: readonly EdgeFigures[];
  readonly seen: EdgeTotals;
}

/** What the policies of each edge of a topology did without a fault, as its caller observed it. */
export function edgesSection(lines: readonly PatternResult[]): Section {
  return tableOf<EdgeLine>(
    {
      id: 'edges',
      title: 'By hop, as observed by its caller, without a fault',
      nameOf: ({ pattern }) => patternRow(pattern),
      columns: [
        { ...VARIANT, cell: ({ pattern }) => textCell(pattern.variant ?? '') },
        textColumn('edge', 'Edge', ({ edge }) => textCell(edge), { isLabel: true }),
        figureColumn('calls', 'Calls', ({ seen }) => countCell(seen.calls)),
        figureColumn('attempts', 'Attempts', ({ seen }) => countCell(seen.attempts)),
        figureColumn('amplification', 'Attempts per due call', ({ seen }) => amplifiedCell(seen)),
        figureColumn('ok', 'Ok', ({ seen }) => okShareCell(seen)),
        figureColumn('fallbacks', 'Fallbacks', ({ seen }) => someCell(seen.fallbacks)),
        figureColumn('rejected', 'Rejected', ({ seen }) => someCell(seen.rejected)),
        figureColumn('ok-p50', 'Ok after p50', (line) => highestCell(mergedOf(line, 'ok'), 0.5, null)),
        figureColumn('ok-p99', 'Ok after p99', (line) => highestCell(mergedOf(line, 'ok'), 0.99, null)),
        figureColumn('failed-p50', 'Failed after p50', (line) =>
          highestCell(mergedOf(line, 'failed'), 0.5, null),
        ),
      ],
    },
    lines.flatMap(linesOf),
  );
}

function linesOf(pattern: PatternResult): EdgeLine[] {
  const hops = pattern.trials.latency.flatMap((trial) => trial.hops ?? []);
  return (hops[0]?.edges ?? []).map(({ id, transport }) => {
    const edges = hops.flatMap((one) => one.edges.filter((edge) => edge.id === id));
    const names = [...new Set(edges.flatMap(({ phases }) => phases.map(({ name }) => name)))];
    const edge = transport === 'rest' ? id : `${id} (${transport})`;
    return { pattern, edge, edges, seen: edgeTotals(edges, names) };
  });
}

function mergedOf({ edges }: EdgeLine, kind: 'ok' | 'failed') {
  const all = edges.flatMap(({ phases }) => phases.map((phase) => phase[kind]));
  return all.length === 0 ? null : mergeSeries(all);
}
