import {
  CHANGE_ERROR,
  CHANGE_RESULTS,
  CHANGE_SHARE,
  type PatternTrend,
  type SeriesResult,
  type SeriesTrend,
  type TrendChange,
} from '../../analysis/trend/trend-of.ts';
import { validityFinding } from '../../analysis/findings/validity.ts';
import { figureCell } from '../cells.ts';
import { type ChartPoint, FIRST_SCREEN, type PlacedChart } from '../charts/chart.ts';
import { validityText } from '../findings/validity.ts';
import { andOf, formatLimit, formatRatio, formatRangeUs, formatUs, plural } from '../format.ts';
import { endsOf } from '../pictures/ends.ts';
import type { Report } from '../report.ts';
import { BARE } from '../screen/screen.ts';
import { setupText } from '../setup-text.ts';
import { figureColumn, tableOf, textColumn } from '../table.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../view.ts';

/** Everything that is printed of a series of results. @param folder where they are */
export function trendView(trend: SeriesTrend, folder: string): Report {
  const { results, patterns } = trend;
  const { scenario, environment, brokers } = results.at(-1)!.result;
  const validity = validityFinding(results.flatMap(({ result }) => result.trials));
  const table = seriesTable(trend);
  return {
    findings: sentences(trend),
    found: [validity],
    screen: {
      ...BARE,
      run: `${scenario.name}: ${plural(results.length, 'result')} in ${folder}, from ${dayOf(results[0]!)} to ${dayOf(results.at(-1)!)}`,
      tables: [table],
      validity: validityText(validity),
      more: `commbench results trend ${folder} --full, --format html|markdown|json|csv`,
    },
    tables: [table],
    charts: [],
    pictures: pictureOf(trend),
    caveats: { warnings: patterns.flatMap((pattern) => tooFew(pattern, results)), footnotes: [] },
    meta: {
      title: `${scenario.title}: figures over ${plural(results.length, 'result')}`,
      about: [`Newest: ${results.at(-1)!.file}`, ...setupText(environment, brokers)],
      file: null,
      explanations: [],
      howToRead: [
        'Each row is a result, the oldest first, with the median of each pattern over its rounds, below it the range of the rounds.',
        'A point that is not valid, or was measured otherwise than the newest one, is shown and not used.',
      ],
      fairness: [],
      rules: [
        `change point: Pettitt 1979, by ranks, at ${formatLimit(CHANGE_ERROR)} for all of a pattern together; at least ${CHANGE_RESULTS} comparable valid results, and a change of the median by ${formatLimit(CHANGE_SHARE)} or more`,
      ],
    },
  };
}

function sentences({ results, patterns }: SeriesTrend): string[] {
  const changes = patterns.flatMap((pattern) =>
    pattern.changes.map((change) => changeText(pattern, change, results[change.at]!)),
  );
  return changes.length > 0 ? changes : [`No change point in ${plural(results.length, 'result')}.`];
}

/** `REST slower from 3f2a1bc (2026-11-29): response p50 0.62 ms → 0.71 ms, 1.15×.` */
function changeText({ name, figure }: PatternTrend, change: TrendChange, first: SeriesResult): string {
  const { beforeUs, afterUs, chance } = change;
  const way = afterUs > beforeUs ? 'slower' : 'faster';
  return `${name} ${way} from ${nameOf(first)} on (${dayOf(first)}): ${figure} ${formatUs(beforeUs)} → ${formatUs(afterUs)}, ${formatRatio(afterUs / beforeUs)}, by chance in ${formatLimit(Number(chance.toPrecision(1)))} of unchanged series.`;
}

/** The commit where it is known, else the file. */
function nameOf({ file, result }: SeriesResult): string {
  const { commit } = result.environment;
  return typeof commit === 'string' ? commit.slice(0, 8) : file.replace(/^.*[/\\]/, '');
}

function dayOf({ result }: SeriesResult): string {
  return result.startedAt.slice(0, 10);
}

function seriesTable({ results, patterns }: SeriesTrend): Section {
  const at = (line: SeriesResult) => results.indexOf(line);
  return tableOf<SeriesResult>(
    {
      id: 'series',
      title: 'Results, the oldest first',
      head: 'Result',
      isCompared: true,
      nameOf: (line) => ({ pattern: line.file, title: nameOf(line) }),
      columns: [
        textColumn('started', 'Started', (line) => textCell(dayOf(line)), { priority: 2 }),
        ...patterns.map((pattern, i) =>
          figureColumn(
            `p50-${i}`,
            `${pattern.name} ${pattern.figure}`,
            (line: SeriesResult) => pointCell(pattern, at(line)),
            { priority: 1 },
          ),
        ),
        textColumn('validity', 'Validity', validityCell, { priority: 3 }),
        textColumn('machine', 'Machine', machineCell, { priority: 4 }),
      ],
    },
    results,
  );
}

function pointCell({ points, changes }: PatternTrend, at: number): Cell {
  const { us, range, isValid } = points[at]!;
  if (us === null) return EMPTY_CELL;
  const change = changes.find((one) => one.at === at);
  const isSlower = change && change.afterUs > change.beforeUs;
  return figureCell(us, 'us', {
    below: change ? `change point: ${isSlower ? 'slower' : 'faster'}` : range && formatRangeUs(...range, us),
    ...(range && { interval: { low: range[0], high: range[1] } }),
    tone: change ? (isSlower ? 'bad' : 'good') : isValid ? 'plain' : 'weak',
  });
}

function validityCell({ result }: SeriesResult): Cell {
  return textCell(validityText(validityFinding(result.trials)) ?? '–');
}

function machineCell({ result, differs }: SeriesResult): Cell {
  const { cpu, coresUsable } = result.environment;
  const machine = `${cpu ?? 'unknown CPU'}, ${plural(Number(coresUsable ?? 0), 'core')}`;
  return textCell(machine, differs.length === 0 ? {} : { below: `differs: ${andOf(differs)}`, tone: 'weak' });
}

function pictureOf({ results, patterns }: SeriesTrend): PlacedChart[] {
  const series = patterns.map(({ name, points }) => ({
    kind: 'points' as const,
    title: name,
    points: points.flatMap(({ us, range, isValid }, i): ChartPoint[] => {
      if (us === null) return [];
      const isUsed = isValid && results[i]!.differs.length === 0;
      return [{ x: i + 1, y: us, ...(range && { interval: range }), ...(isUsed ? {} : { isHollow: true }) }];
    }),
    gaps: [],
  }));
  const y = endsOf(
    series.flatMap(({ points }) => points.flatMap((point) => [point.y, ...(point.interval ?? [])])),
  );
  if (!y) return [];
  const events = patterns.flatMap(({ name, changes }) =>
    changes.map(({ at }) => ({ title: `${name}: change at ${nameOf(results[at]!)}`, at: at + 1, of: name })),
  );
  return [
    {
      id: 'trend',
      title: 'Median over the results',
      about:
        'Results in the order in which they were measured. Hollow: not valid, or measured otherwise than the newest one. A tick: a change point.',
      behind: FIRST_SCREEN,
      x: { title: 'result', unit: 'count', scale: 'linear', from: 1, to: results.length },
      y: { title: 'p50', unit: 'us', scale: 'log', ...y },
      series,
      spans: [],
      events,
    },
  ];
}

function tooFew({ name, points }: PatternTrend, results: readonly SeriesResult[]) {
  const used = points.filter(
    ({ us, isValid }, i) => us !== null && isValid && results[i]!.differs.length === 0,
  );
  if (used.length >= CHANGE_RESULTS) return [];
  return [
    {
      code: 'few-results',
      text: `${name}: ${plural(used.length, 'comparable valid result')}; a change point needs ${CHANGE_RESULTS}.`,
      hint: 'Measure the same scenario again, on the same machine.',
    },
  ];
}
