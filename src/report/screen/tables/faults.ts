import { amplification } from '../../../analysis/faults/edge-totals.ts';
import type { FaultComparison } from '../../../analysis/faults/fault-comparison.ts';
import { byCase, hopsOf, isAsynchronous } from '../../../analysis/faults/fault-trials.ts';
import { correctShare, harmedRequests } from '../../../analysis/faults/requests.ts';
import { knownQuantile } from '../../../analysis/patterns/known-quantile.ts';
import type { Scenario } from '../../../scenario/schema/schema.ts';
import { barsCell, ratioCell, shareCell, timeCell } from '../../cells.ts';
import type { BarSeries, Chart } from '../../charts/chart.ts';
import { recoveryText } from '../../faults/recovery-text.ts';
import { formatShare, formatUs, quantileName } from '../../format.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../../view.ts';
import { goodputChart } from '../goodput-bars.ts';
import { spanAxis } from '../span-axis.ts';
import { type ScreenColumn, screenTable } from '../screen-table.ts';
import { validCell } from './figures.ts';

/** Fewer where a column tells the cases apart. */
const BARS = { usual: 28, ofCases: 20 } as const;

/** One line for each variant or pattern, and for each case where there are several. */
export function faultsTable(comparisons: readonly FaultComparison[], scenario: Scenario): Section {
  const hasCases = byCase(comparisons).length > 1;
  const chart = goodputChart(comparisons, hasCases ? BARS.ofCases : BARS.usual);
  const head = comparisons.some(({ variant }) => variant !== null) ? 'Variant' : 'Pattern';
  const table = screenTable(
    {
      id: 'faults',
      title: '',
      head: hasCases ? 'Fault' : head,
      columns: [...(hasCases ? [lineColumn(head)] : []), ...columnsOf(comparisons, scenario, chart)],
      nameOf: (comparison) => ({
        pattern: comparison.pattern.id,
        title: hasCases ? (comparison.case?.title ?? 'faults') : comparison.name,
      }),
    },
    comparisons,
  );
  const labelled = table.columns.map((column) =>
    column.id === 'line' ? { ...column, isLabel: true as const } : column,
  );
  return { ...table, columns: labelled, rows: [...table.rows, ...axisRow(table, chart, hasCases)] };
}

function lineColumn(title: string): ScreenColumn<FaultComparison> {
  return { id: 'line', title, align: 'left', priority: 1, cell: ({ name }) => textCell(name) };
}

/** Of a line that was run. */
function ran(cell: (comparison: FaultComparison) => Cell): (comparison: FaultComparison) => Cell {
  return (comparison) => (comparison.missing === null ? cell(comparison) : EMPTY_CELL);
}

type Column = ScreenColumn<FaultComparison>;

function columnsOf(
  comparisons: readonly FaultComparison[],
  scenario: Scenario,
  chart: Chart | undefined,
): Column[] {
  const valid = ran((comparison) => validCell([...comparison.trials, ...comparison.controls]));
  const goodput = ran((comparison) => goodputCell(comparison, comparisons, chart));
  return [
    ...successColumns(comparisons, scenario),
    ...afterColumns(),
    { id: 'goodput', title: 'Goodput over time', align: 'left', priority: 2, cell: goodput },
    { id: 'valid', title: 'Valid', priority: 5, cell: valid },
  ];
}

function successColumns(comparisons: readonly FaultComparison[], scenario: Scenario): Column[] {
  const others = ran((comparison) => othersCell(comparison, scenario));
  return [
    {
      id: 'success',
      title: 'Success in fault (control)',
      priority: 1,
      cell: successCell,
    },
    { id: 'others', title: othersTitle(comparisons), priority: 1, cell: others },
    { id: 'done', title: 'Completed in the end', priority: 2, cell: ran(doneCell) },
    { id: 'late', title: 'Completion time in fault', priority: 4, cell: ran(lateCell) },
  ];
}

/** What came of it, and what protected the service. */
function afterColumns(): Column[] {
  const detected = ran(({ health }) => timeCell(health.detectedNs));
  return [
    { id: 'recovered', title: 'Recovered after', priority: 1, cell: ran(recoveredCell) },
    { id: 'amplification', title: 'Retry amplification', priority: 3, cell: ran(amplifiedCell) },
    { id: 'detected', title: 'Protects after', priority: 6, cell: detected },
  ];
}

/** `0.0 % (99.2 %)`: while it lasted, of the requests that depend on what failed. */
function successCell(comparison: FaultComparison): Cell {
  if (comparison.missing !== null) return textCell(comparison.missing, { tone: 'weak' });
  const { here, control } = comparison.harm;
  if (here.planned === 0) return EMPTY_CELL;
  const [share, usual] = [correctShare(here), correctShare(control)];
  const isKnown = control.planned > 0;
  return shareCell(share, {
    text: `${formatShare(share)} (${isKnown ? formatShare(usual) : 'none'})`,
    tone: isKnown && share < usual ? 'bad' : 'plain',
  });
}

/** What a breaker or a bulkhead saves: requests that do not depend on what failed. */
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

/** Of a line in which acceptance is not completion. */
function doneCell(comparison: FaultComparison): Cell {
  const { here } = comparison.harm;
  if (!isAsynchronous(comparison) || here.planned === 0) return EMPTY_CELL;
  return shareCell(here.done / here.planned, { tone: here.done < here.planned ? 'bad' : 'plain' });
}

function lateCell(comparison: FaultComparison): Cell {
  const { completion } = comparison.harm.here;
  const known = isAsynchronous(comparison) && completion ? knownQuantile(completion) : undefined;
  if (!known) return EMPTY_CELL;
  const text = `${quantileName(known.quantile)} ${formatUs(known.valueUs)}`;
  return textCell(text, { value: known.valueUs, unit: 'us' });
}

function recoveredCell({ health: { ending } }: FaultComparison): Cell {
  if (!ending) return EMPTY_CELL;
  const { recovery, isCutShort } = ending;
  if (isCutShort) return textCell('not watched', { tone: 'weak' });
  if (recovery.state === 'unjudged') return textCell('too few calls', { tone: 'weak' });
  if (recovery.state === 'never-harmed') return textCell('unharmed');
  const valueNs = recovery.state === 'recovered' ? recovery.afterNs : null;
  return textCell(recoveryText(recovery), {
    ...(valueNs === null ? {} : { value: valueNs / 1000, unit: 'us' }),
    tone: recovery.state === 'not-recovered' ? 'bad' : 'plain',
  });
}

/** Attempts into the last service that is waited for, over those due if nothing fails. */
function amplifiedCell({ work: { leaf } }: FaultComparison): Cell {
  const times = leaf ? amplification(leaf.seen) : null;
  return ratioCell(times, { tone: times !== null && times > 1.005 ? 'bad' : 'plain' });
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

/** When which fault was on, below the bars. */
function axisRow({ columns }: Section, chart: Chart | undefined, hasCases: boolean): Section['rows'] {
  const at = columns.findIndex(({ id }) => id === 'goodput');
  const [bars] = (chart?.series ?? []) as readonly BarSeries[];
  // Each case has its faults at times of its own.
  if (!chart || !bars || at < 0 || hasCases) return [];
  const axis = spanAxis(chart, bars.bars.length);
  const cells = columns.map((_, i) =>
    i === at ? textCell(axis, { unit: 'graph', tone: 'weak' }) : textCell(''),
  );
  return [{ pattern: null, title: '', part: null, cells }];
}
