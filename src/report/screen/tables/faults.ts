import { amplification } from '../../../analysis/faults/edges-seen.ts';
import type { FaultLine } from '../../../analysis/faults/fault-line.ts';
import { byCase, hopsOf, isAsynchronous } from '../../../analysis/faults/fault-trials.ts';
import { correctShare, harmSeen } from '../../../analysis/faults/seen.ts';
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
export function faultsTable(lines: readonly FaultLine[], scenario: Scenario): Section {
  const hasCases = byCase(lines).length > 1;
  const chart = goodputChart(lines, hasCases ? BARS.ofCases : BARS.usual);
  const head = lines.some(({ variant }) => variant !== null) ? 'Variant' : 'Pattern';
  const table = screenTable(
    {
      id: 'faults',
      title: '',
      head: hasCases ? 'Fault' : head,
      columns: [...(hasCases ? [lineColumn(head)] : []), ...columnsOf(lines, scenario, chart)],
      nameOf: (line) => ({
        pattern: line.pattern.id,
        title: hasCases ? (line.case?.title ?? 'faults') : line.name,
      }),
    },
    lines,
  );
  const labelled = table.columns.map((column) =>
    column.id === 'line' ? { ...column, isLabel: true as const } : column,
  );
  return { ...table, columns: labelled, rows: [...table.rows, ...axisRow(table, chart, hasCases)] };
}

function lineColumn(title: string): ScreenColumn<FaultLine> {
  return { id: 'line', title, align: 'left', priority: 1, cell: ({ name }) => textCell(name) };
}

/** Of a line that was run. */
function ran(cell: (line: FaultLine) => Cell): (line: FaultLine) => Cell {
  return (line) => (line.missing === null ? cell(line) : EMPTY_CELL);
}

type Column = ScreenColumn<FaultLine>;

function columnsOf(lines: readonly FaultLine[], scenario: Scenario, chart: Chart | undefined): Column[] {
  const valid = ran((line) => validCell([...line.trials, ...line.controls]));
  const goodput = ran((line) => goodputCell(line, lines, chart));
  return [
    ...successColumns(lines, scenario),
    ...afterColumns(),
    { id: 'goodput', title: 'Goodput over time', align: 'left', priority: 2, cell: goodput },
    { id: 'valid', title: 'Valid', priority: 5, cell: valid },
  ];
}

function successColumns(lines: readonly FaultLine[], scenario: Scenario): Column[] {
  const others = ran((line) => othersCell(line, scenario));
  return [
    {
      id: 'success',
      title: 'Success in fault (control)',
      priority: 1,
      cell: successCell,
    },
    { id: 'others', title: othersTitle(lines), priority: 1, cell: others },
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
function successCell(line: FaultLine): Cell {
  if (line.missing !== null) return textCell(line.missing, { tone: 'weak' });
  const { here, control } = line.harm;
  if (here.planned === 0) return EMPTY_CELL;
  const [share, usual] = [correctShare(here), correctShare(control)];
  const isKnown = control.planned > 0;
  return shareCell(share, {
    text: `${formatShare(share)} (${isKnown ? formatShare(usual) : 'none'})`,
    tone: isKnown && share < usual ? 'bad' : 'plain',
  });
}

/** What a breaker or a bulkhead saves: requests that do not depend on what failed. */
function othersTitle(lines: readonly FaultLine[]): string {
  const titles = new Set(lines.flatMap(unrelatedOf).map(({ title }) => title));
  const [only] = titles;
  return titles.size === 1 ? `Success of ${only!}` : 'Success of other endpoints';
}

function unrelatedOf({ trials, isDependent }: FaultLine) {
  const endpoints = hopsOf(trials)[0]?.endpoints ?? [];
  const others = endpoints.filter(({ operation }) => !isDependent(operation));
  return others.length === endpoints.length ? [] : others;
}

function othersCell(line: FaultLine, scenario: Scenario): Cell {
  const seen = unrelatedOf(line).map(({ operation }) => harmSeen(line, scenario, operation).here);
  const planned = seen.reduce((n, one) => n + one.planned, 0);
  if (planned === 0) return EMPTY_CELL;
  const isHarmed = (line.health.blast?.independent.harmed ?? 0) > 0;
  const correct = seen.reduce((n, one) => n + one.correct, 0);
  return shareCell(correct / planned, { tone: isHarmed ? 'bad' : 'plain' });
}

/** Of a line in which acceptance is not completion. */
function doneCell(line: FaultLine): Cell {
  const { here } = line.harm;
  if (!isAsynchronous(line) || here.planned === 0) return EMPTY_CELL;
  return shareCell(here.done / here.planned, { tone: here.done < here.planned ? 'bad' : 'plain' });
}

function lateCell(line: FaultLine): Cell {
  const { completion } = line.harm.here;
  const known = isAsynchronous(line) && completion ? knownQuantile(completion) : undefined;
  if (!known) return EMPTY_CELL;
  const text = `${quantileName(known.quantile)} ${formatUs(known.valueUs)}`;
  return textCell(text, { value: known.valueUs, unit: 'us' });
}

function recoveredCell({ health: { ending } }: FaultLine): Cell {
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
function amplifiedCell({ work: { leaf } }: FaultLine): Cell {
  const times = leaf ? amplification(leaf.seen) : null;
  return ratioCell(times, { tone: times !== null && times > 1.005 ? 'bad' : 'plain' });
}

function goodputCell(line: FaultLine, lines: readonly FaultLine[], chart: Chart | undefined): Cell {
  const drawn = lines.filter(({ trials }) => trials.some(({ hops }) => hops));
  const series = chart?.series[drawn.indexOf(line)];
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
