import type { FaultComparison } from '../../../analysis/faults/fault-comparison.ts';
import { hopsOf, isAsynchronous } from '../../../analysis/faults/fault-trials.ts';
import { correctShare, harmedRequests } from '../../../analysis/faults/requests.ts';
import { knownQuantile } from '../../../analysis/patterns/known-quantile.ts';
import type { Scenario } from '../../../scenario/schema/schema.ts';
import { barsCell, knownCell, shareCell, someCell, timeCell } from '../../cells.ts';
import type { BarSeries, Chart } from '../../charts/chart.ts';
import { formatShare } from '../../format.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../../view.ts';
import { NO_NOTES } from '../../footnotes.ts';
import { goodputChart } from '../goodput-bars.ts';
import { amplifiedCell, finallyDoneCell, recoveredCell } from '../../faults/cells.ts';
import { comparisonHead, hasCases, labelColumn } from '../../faults/fault-table.ts';
import { missingCell } from '../../faults/tables/resilience.ts';
import { figureColumn, type TableColumn, tableOf } from '../../table.ts';
import { validCell } from './figures.ts';

/** Fewer beside a column of cases. */
const BARS = { usual: 28, ofCases: 20 } as const;

/** One line for each variant or pattern, and for each case where there are several. */
export function faultsTable(comparisons: readonly FaultComparison[], scenario: Scenario): Section {
  const isByCase = hasCases(comparisons);
  const chart = goodputChart(comparisons, isByCase ? BARS.ofCases : BARS.usual);
  const head = comparisonHead(comparisons);
  const line: Column = { ...labelColumn(head, ({ name }) => name), id: 'line', priority: 1 };
  return tableOf<FaultComparison>(
    {
      id: 'faults',
      head: isByCase ? 'Fault' : head,
      isCompared: true,
      missing: (comparison) => missingCell(comparison, NO_NOTES),
      nameOf: (comparison) => ({
        pattern: comparison.pattern.id,
        title: isByCase ? (comparison.case?.title ?? 'faults') : comparison.name,
      }),
      columns: [
        ...(isByCase ? [line] : []),
        ...successColumns(comparisons, scenario),
        ...AFTER,
        {
          id: 'goodput',
          title: 'Goodput over time',
          align: 'left',
          priority: 2,
          cell: (comparison) => goodputCell(comparison, comparisons, chart),
          // Each case has its faults at times of its own.
          ...(isByCase ? {} : axisOf(chart)),
        },
        figureColumn('valid', 'Valid', ({ trials, controls }) => validCell([...trials, ...controls]), {
          priority: 5,
        }),
      ],
    },
    comparisons,
  );
}

type Column = TableColumn<FaultComparison>;

function successColumns(comparisons: readonly FaultComparison[], scenario: Scenario): Column[] {
  return [
    figureColumn('success', 'Success in fault (control)', successCell, { priority: 1 }),
    figureColumn('others', othersTitle(comparisons), (comparison) => othersCell(comparison, scenario), {
      priority: 1,
    }),
    figureColumn(
      'done',
      'Completed in the end',
      (comparison) => (isAsynchronous(comparison) ? finallyDoneCell(comparison.harm.here) : EMPTY_CELL),
      { priority: 2 },
    ),
    figureColumn('late', 'Completion time in fault', lateCell, { priority: 4 }),
    figureColumn('lost', 'Lost', oddCell('lost'), { priority: 4 }),
    figureColumn('duplicates', 'Duplicates', oddCell('duplicates'), { priority: 5 }),
  ];
}

/** Recovery, and what protected the service. */
const AFTER: readonly Column[] = [
  figureColumn('recovered', 'Recovered after', (one) => ({ ...recoveredCell(one), below: null }), {
    priority: 1,
  }),
  figureColumn('amplification', 'Retry amplification', ({ work: { leaf } }) => amplifiedCell(leaf?.seen), {
    priority: 3,
  }),
  figureColumn('detected', 'Detected after', ({ health }) => timeCell(health.detectedNs), { priority: 6 }),
];

/** `0.0 % (99.2 %)`: while it lasted, of the requests that depend on what failed. */
function successCell(comparison: FaultComparison): Cell {
  const { here, control } = comparison.harm;
  if (here.planned === 0) return EMPTY_CELL;
  const [share, usual] = [correctShare(here), correctShare(control)];
  const isKnown = control.planned > 0;
  return shareCell(share, {
    text: `${formatShare(share)} (${isKnown ? formatShare(usual) : 'none'})`,
    tone: isKnown && share < usual ? 'bad' : 'plain',
  });
}

/** Requests that do not depend on the failed service: a breaker or a bulkhead saves them. */
function othersTitle(comparisons: readonly FaultComparison[]): string {
  const titles = new Set(comparisons.flatMap(unrelatedOf).map(({ title }) => title));
  const [only] = titles;
  return titles.size === 1 ? `Success of ${only!}` : 'Success of other endpoints';
}

function unrelatedOf({ trials, isDependent }: FaultComparison) {
  const endpoints = hopsOf(trials)[0]?.endpoints ?? [];
  const others = endpoints.filter(({ operation }) => !isDependent(operation));
  return others.length === endpoints.length ? [] : others;
}

function othersCell(comparison: FaultComparison, scenario: Scenario): Cell {
  const seen = unrelatedOf(comparison).map(
    ({ operation }) => harmedRequests(comparison, scenario, operation).here,
  );
  const planned = seen.reduce((n, one) => n + one.planned, 0);
  if (planned === 0) return EMPTY_CELL;
  const isHarmed = (comparison.health.blast?.independent.harmed ?? 0) > 0;
  const correct = seen.reduce((n, one) => n + one.correct, 0);
  return shareCell(correct / planned, { tone: isHarmed ? 'bad' : 'plain' });
}

/** Over the whole trials, of all services; a column of zeros is left out. */
function oddCell(kind: 'lost' | 'duplicates') {
  return ({ work: { ledgers } }: FaultComparison): Cell =>
    someCell(
      ledgers.reduce((n, ledger) => n + ledger[kind], 0),
      { tone: 'bad' },
    );
}

function lateCell(comparison: FaultComparison): Cell {
  const { completion } = comparison.harm.here;
  const known = isAsynchronous(comparison) && completion ? knownQuantile(completion) : undefined;
  return known ? knownCell(known) : EMPTY_CELL;
}

function goodputCell(
  comparison: FaultComparison,
  comparisons: readonly FaultComparison[],
  chart: Chart | undefined,
): Cell {
  const drawn = comparisons.filter(({ trials }) => trials.some(({ hops }) => hops));
  const series = chart?.series[drawn.indexOf(comparison)];
  return series?.kind === 'bars' ? barsCell(series, highestOf(chart)) : EMPTY_CELL;
}

function highestOf(chart: Chart | undefined): number {
  return Math.max(1, chart?.y?.to ?? 1);
}

/** Spans of the faults, below the bars. */
function axisOf(chart: Chart | undefined): Pick<Column, 'foot'> {
  const [bars] = (chart?.series ?? []) as readonly BarSeries[];
  if (!chart || !bars) return {};
  return { foot: textCell(spanAxis(chart, bars.bars.length), { unit: 'graph', tone: 'weak' }) };
}

/** `    ├──────┤├───┤`: when which fault was on, below bars of as many characters; named where the name fits. */
function spanAxis({ x, spans }: Chart, width: number): string {
  const line = Array.from({ length: width }, () => ' ');
  const cellAt = (at: number) => Math.round(((at - x.from) / Math.max(1, x.to - x.from)) * width);
  for (const { title, from, to } of spans) {
    const [first, end] = [Math.min(width - 1, cellAt(from)), Math.max(cellAt(from) + 1, cellAt(to))];
    const inner = Math.max(0, end - first - 2);
    const name = title.length <= inner ? title : '';
    const left = Math.floor((inner - name.length) / 2);
    const text = end - first === 1 ? '├' : `├${('─'.repeat(left) + name).padEnd(inner, '─')}┤`;
    line.splice(first, end - first, ...text);
  }
  return line.join('').slice(0, width);
}
